"""Moving an inquiry from the card of its lead: the dialog, the search in it, and the move itself (B06)."""

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.application.move_inquiry import OWN, find_targets, move_inquiry, wish_of
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import as_part, is_part
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render, SignedIn
from services.gateway.entrypoints.errors import status_of
from services.gateway.entrypoints.security import local_address
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.entrypoints.way_back import sent_back
from services.gateway.pages.lead import lead_page
from services.gateway.pages.outcome import refusal_text
from services.gateway.pages.targets import Target, targets
from shared.kernel.errors import UnauthorizedError, VoronkaError

router = APIRouter(prefix="/leads/{lead_id}/inquiries/{inquiry_id}/move", include_in_schema=False)

log = structlog.get_logger(__name__)


@router.get("")
async def move_dialog(
    lead_id: UUID, inquiry_id: UUID, request: Request, app: App, render: Render, who: SignedIn
) -> Response:
    """Ask to which lead the inquiry belongs and why."""
    lead = await app.units.leads.get(f"/api/v1/leads/{lead_id}", token=who.token)
    found = await _found(lead_id, request, app, who)
    context = {
        "lead": lead_page(lead, (), (), (), who.reader, may=who.may),
        "inquiry_id": str(inquiry_id),
        "own": OWN,
        "q": request.query_params.get("q", ""),
        "next": local_address(request.query_params.get("next"), default=f"/leads/{lead_id}"),
        **found,
    }
    name, shell = "dialogs/move.html", who.shell(request, "lead")
    if is_part(request):
        return render.part(name, who.reader, shell=shell, alone=False, **context)
    return render.page(request, name, who.reader, shell=shell, alone=True, **context)


@router.get("/leads", dependencies=[Depends(as_part)])
async def found_leads(lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Answer the search of the dialog."""
    found = await _found(lead_id, request, app, who)
    return render.part("fragments/move_targets.html", who.reader, **found)


async def _found(lead_id: UUID, request: Request, app: Gateway, who: Visitor) -> dict[str, Any]:
    """Return the leads on offer, None when their owner does not answer."""
    shown: tuple[Target, ...] | None = None
    try:
        leads = await find_targets(app.units.leads, who.token, request.query_params.get("q", ""), lead_id)
        shown = targets(leads, who.reader)
    except UnauthorizedError:
        raise
    except VoronkaError as error:
        log.warning("the leads to move to were not read", error=error.detail)
    return {"found": shown}


@router.post("")
async def move(
    lead_id: UUID, inquiry_id: UUID, request: Request, app: App, who: SignedIn, form: OwnForm
) -> Response:
    """Ask the owner to move the inquiry and say how it went."""
    home = f"/leads/{lead_id}"
    try:
        target = await move_inquiry(app.units.leads, who.token, wish_of(inquiry_id, form))
    except UnauthorizedError:
        raise
    except VoronkaError as error:
        text = refusal_text(error, who.reader)
        if is_part(request):
            return JSONResponse({"ok": False, "error": text}, status_of(error))
        again = request.url.path if error.kind == "invalid" else ""
        return sent_back(app, who, form, home, Flash("bad", text), again=again)
    text = await _moved_text(target, app, who)
    if not is_part(request):
        return sent_back(app, who, form, home, Flash("ok", text))
    opened = {"label": who.reader.words.t("toast.open"), "href": f"/leads/{target}"}
    return JSONResponse({"ok": True, "toast": text, "open": opened})


async def _moved_text(target: UUID, app: Gateway, who: Visitor) -> str:
    """Return the sentence about it, with the number of the lead where that can be read."""
    words = who.reader.words
    try:
        lead = await app.units.leads.get(f"/api/v1/leads/{target}", token=who.token)
    except VoronkaError as error:
        log.info("the lead of a moved inquiry was not read", error=error.detail)
        return words.t("toast.moved")
    return words.t("toast.moved.to", number=lead["number"])
