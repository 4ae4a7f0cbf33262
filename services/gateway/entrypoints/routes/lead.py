"""The card of one lead and its dialogs."""

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask

from services.gateway.adapters.forwarding import answered
from services.gateway.application.read_lead import LeadParts, read_lead
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import as_part, is_part
from services.gateway.entrypoints.dependencies import App, Render, SignedIn
from services.gateway.entrypoints.security import local_address
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.pages.lead import LeadPage, dialog_people, lead_page
from services.gateway.pages.reader import Json
from shared.kernel.errors import MissingError, UnauthorizedError, VoronkaError

router = APIRouter(prefix="/leads/{lead_id}", include_in_schema=False)

_REASONS_MOST = "200"

log = structlog.get_logger(__name__)


def _view(parts: LeadParts, who: Visitor) -> LeadPage:
    return lead_page(
        parts.lead,
        parts.inquiries,
        parts.history,
        parts.decisions,
        who.reader,
        failed=parts.failed,
        may=who.may,
        moves=who.moves,
    )


@router.get("")
async def lead(lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Show everything about a lead."""
    parts = await read_lead(app.units.leads, who.token, lead_id)
    response: Response = render.page(
        request,
        "lead.html",
        who.reader,
        shell=who.shell(request, "lead"),
        lead=_view(parts, who),
        may=who.may,
    )
    response.background = _reading(app, who, parts.lead)
    return response


@router.get("/body", dependencies=[Depends(as_part)])
async def body(lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Show everything about a lead anew, without the frame."""
    parts = await read_lead(app.units.leads, who.token, lead_id)
    response: Response = render.part(
        "fragments/lead_body.html",
        who.reader,
        shell=who.shell(request, "lead"),
        lead=_view(parts, who),
        may=who.may,
    )
    response.background = _reading(app, who, parts.lead)
    return response


@router.get("/inquiries/{inquiry_id}/text")
async def whole_text(inquiry_id: UUID, app: App, who: SignedIn) -> Response:
    """Give the whole text of an inquiry that is too long for the card, as text and nothing else."""
    found: Json = await app.units.leads.get(f"/api/v1/inquiries/{inquiry_id}/text", token=who.token)
    return Response(str(found["text"]), media_type="text/plain; charset=utf-8")


@router.get("/inquiries/{inquiry_id}/attachments/{number}")
async def attachment(inquiry_id: UUID, number: int, app: App, who: SignedIn) -> Response:
    """Give a file that came with an inquiry, to be saved; MissingError when there is none for this reader."""
    target = f"/api/v1/inquiries/{inquiry_id}/attachments/{number}".encode()
    found = await app.forwarder.forward("leads", "GET", target, {"authorization": f"Bearer {who.token}"}, b"")
    if not found.is_success:
        raise MissingError
    return Response(found.content, headers=answered(found.headers))


def _reading(app: Gateway, who: Visitor, lead: Json) -> BackgroundTask | None:
    """Note, once the page has gone out, that the lead's own responsible has seen what came."""
    owner = lead.get("responsible") or {}
    own = owner.get("type") == "employee" and owner.get("id") == who.reader.employee_id
    return BackgroundTask(_note_read, app, who, lead["id"]) if own and lead.get("unread_count") else None


async def _note_read(app: Gateway, who: Visitor, lead_id: str) -> None:
    try:
        await app.units.leads.request("POST", f"/api/v1/leads/{lead_id}/read", token=who.token, json={})
    except VoronkaError as error:
        log.warning("a lead was not noted as read", lead=lead_id, error=error.detail)


@router.get("/dialogs/reject")
async def reject_dialog(lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Ask why the lead is rejected."""
    found = await app.units.leads.get(f"/api/v1/leads/{lead_id}", token=who.token)
    channels = await app.known.channels.get()
    required = any(row["reason_required"] for row in channels if row["id"] == found["channel_id"])
    context = {"lead": _alone(found, who), "reasons": await _reasons(app, who), "required": required}
    return _dialog(request, render, who, "dialogs/reject.html", context)


@router.get("/dialogs/mark-spam")
async def spam_dialog(lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn) -> Response:
    """Ask whether the sender is spam indeed."""
    found = await app.units.leads.get(f"/api/v1/leads/{lead_id}", token=who.token)
    return _dialog(request, render, who, "dialogs/mark_spam.html", {"lead": _alone(found, who)})


async def _reasons(app: Gateway, who: Visitor) -> list[tuple[str, str]]:
    params = {"is_active": "true", "limit": _REASONS_MOST}
    try:
        found = await app.units.leads.get("/api/v1/rejection-reasons", token=who.token, params=params)
    except UnauthorizedError:
        raise
    except VoronkaError as error:
        log.warning("the rejection reasons were not read", error=error.detail)
        return []
    return [(str(row["id"]), str(row["name"])) for row in found["items"]]


@router.get("/dialogs/hand-over")
async def hand_over_dialog(
    lead_id: UUID, request: Request, app: App, render: Render, who: SignedIn
) -> Response:
    """Ask to whom the lead goes."""
    found = await app.units.leads.get(f"/api/v1/leads/{lead_id}", token=who.token)
    owner = (found.get("responsible") or {}).get("id")
    others = [row for row in await app.known.people.get() if row["id"] != owner]
    context = {"lead": _alone(found, who), "people": dialog_people(others)}
    return _dialog(request, render, who, "dialogs/hand_over.html", context)


def _alone(lead: Json, who: Visitor) -> LeadPage:
    return lead_page(lead, (), (), (), who.reader, may=who.may)


def _dialog(request: Request, render: Render, who: Visitor, name: str, context: dict[str, Any]) -> Response:
    """Answer with the dialog: for scripts as a piece, else as a page of its own."""
    target = local_address(
        request.query_params.get("next"), default=f"/leads/{request.path_params['lead_id']}"
    )
    context = {**context, "next": target, "may": who.may}
    if is_part(request):
        return render.part(name, who.reader, shell=who.shell(request, "lead"), alone=False, **context)
    return render.page(request, name, who.reader, shell=who.shell(request, "lead"), alone=True, **context)
