"""The administrators' page of the quarantine: what could not be read, raw, and reading it again (B04)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.gateway.entrypoints.administering import Administrator, Owners, back, refused
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render
from services.gateway.entrypoints.routes.dead_letters import all_done, reason_of
from services.gateway.pages.undelivered import BASE, STATES, page_of
from services.gateway.pages.undelivered_one import event_page
from shared.kernel.errors import VoronkaError

router = APIRouter(prefix=f"{BASE}/quarantine", include_in_schema=False)

_HERE = f"{BASE}/quarantine"


@router.get("")
async def quarantine(request: Request, render: Render, who: Administrator, owners: Owners) -> Response:
    """Show what is in quarantine."""
    state = request.query_params.get("state", "")
    state = state if state in STATES["quarantine"] else STATES["quarantine"][0]
    found = await owners.quarantined(state, cursor=request.query_params.get("cursor", ""))
    page = page_of("quarantine", state, [found], await owners.waiting(), who.reader)
    return render.page(
        request, "undelivered.html", who.reader, shell=who.shell(request, "undelivered"), page=page
    )


@router.get("/{event_id}")
async def event(
    event_id: UUID, request: Request, render: Render, who: Administrator, owners: Owners
) -> Response:
    """Show one event with its bytes."""
    one = event_page(await owners.event(event_id), who.reader)
    shell = who.shell(request, "undelivered")
    return render.page(request, "undelivered_one.html", who.reader, shell=shell, one=one)


@router.post("/translate-again")
async def translate_all_again(app: App, who: Administrator, owners: Owners, _: OwnForm) -> Response:
    """Let the connectors read everything again."""
    try:
        done = await owners.translate_all_again()
    except VoronkaError as error:
        return back(app, who, _HERE, refused(error, who.reader))
    return back(app, who, _HERE, all_done(done, who.reader))


@router.post("/{event_id}/translate-again")
async def translate_again(
    event_id: UUID, app: App, who: Administrator, owners: Owners, _: OwnForm
) -> Response:
    """Let the connector read one again."""
    try:
        await owners.translate_again(event_id)
    except VoronkaError as error:
        return back(app, who, _HERE, refused(error, who.reader))
    return back(app, who, _HERE, Flash("ok", who.reader.words.t("undelivered.done.asked")))


@router.post("/{event_id}/drop")
async def drop(event_id: UUID, app: App, who: Administrator, owners: Owners, form: OwnForm) -> Response:
    """Throw one away, with a reason."""
    if not (reason := reason_of(form)):
        needed = Flash("bad", who.reader.words.t("undelivered.done.reason_needed"))
        return back(app, who, f"{_HERE}/{event_id}", needed)
    try:
        await owners.drop_event(event_id, reason)
    except VoronkaError as error:
        return back(app, who, _HERE, refused(error, who.reader))
    return back(app, who, _HERE, Flash("ok", who.reader.words.t("undelivered.done.dropped")))
