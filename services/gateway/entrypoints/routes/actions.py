"""What a reader does with a lead: for scripts as JSON, else by a form and a way back."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.gateway.application.act_on_lead import UNDO, Action, Wish, act, action_of, body_of
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import is_part
from services.gateway.entrypoints.cards import card_json
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render, SignedIn
from services.gateway.entrypoints.errors import status_of
from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.routes.board import reads_of
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.entrypoints.way_back import sent_back
from services.gateway.pages.card import lead_card
from services.gateway.pages.outcome import done_text, refusal_text
from services.gateway.pages.reader import Json
from shared.http.etag import version_seen
from shared.kernel.errors import UnauthorizedError, VoronkaError

router = APIRouter(include_in_schema=False)

_DIALOGS: dict[Action, str] = {"hand-over": "hand-over", "reject": "reject", "mark-spam": "mark-spam"}


@router.post("/leads/{lead_id}/{action}")
async def do(
    lead_id: UUID, action: str, request: Request, app: App, render: Render, who: SignedIn, form: OwnForm
) -> Response:
    """Ask the owner of the lead and say how it went."""
    known = action_of(action)
    if known is None:
        raise HTTPException(404)
    home = f"/leads/{lead_id}"
    try:
        wish = Wish(known, lead_id, body_of(known, form), version_seen(request))
        lead = await act(app.units.leads, who.token, wish)
    except UnauthorizedError:
        raise
    except VoronkaError as error:
        text = refusal_text(error, who.reader)
        if not is_part(request):
            again = (
                f"{home}/dialogs/{_DIALOGS[known]}" if error.kind == "invalid" and known in _DIALOGS else ""
            )
            return sent_back(app, who, form, home, Flash("bad", text), again=again)
        card = await _card(request, app, render, who, lead_id, None)
        return JSONResponse({"ok": False, "error": text, "card": card}, status_of(error))
    text = done_text(known, lead, who.reader)
    if not is_part(request):
        return sent_back(app, who, form, home, Flash("ok", text))
    card = await _card(request, app, render, who, lead_id, lead)
    undo = UNDO.get(known)
    label = who.reader.words.t("js.undo")
    return JSONResponse(
        {
            "ok": True,
            "toast": text,
            "undo": {"action": undo, "label": label} if undo in who.may else None,
            "card": card,
            "gone": card is None,
        }
    )


async def _card(
    request: Request, app: Gateway, render: Renderer, who: Visitor, lead_id: UUID, lead: Json | None
) -> dict[str, Any] | None:
    """Return the card as the board of this request shows it now, None when it does not belong there any more."""
    try:
        found = await reads_of(request, app, who).cards([str(lead_id)])
    except VoronkaError:
        found = [lead] if lead else []
    card = lead_card(found[0], who.reader) if found else None
    return card_json(render, card, who, who.shell(request, "board")) if card else None
