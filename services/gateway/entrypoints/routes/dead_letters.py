"""The administrators' page of dead letters: all units, their letters, and what is done with them (B27)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from services.gateway.domain.owners import UNITS
from services.gateway.entrypoints.administering import Administrator, Desk, all_done, dropped, settled
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render
from services.gateway.entrypoints.way_back import sent_to
from services.gateway.pages.undelivered import BASE, Asked, page_of
from services.gateway.pages.undelivered_one import letter_page

router = APIRouter(prefix=f"{BASE}/dead-letters", include_in_schema=False)

_HERE = f"{BASE}/dead-letters"


def _known(unit: str) -> str:
    if unit not in UNITS:
        raise HTTPException(404)
    return unit


@router.get("")
async def dead_letters(request: Request, render: Render, who: Administrator, desk: Desk) -> Response:
    """Show the dead letters of all units, or those of one from a place on."""
    asked = Asked.of("dead-letters", request.query_params)
    found = await desk.letters(asked.state, unit=asked.unit, cursor=asked.cursor)
    page = page_of(asked, found, await desk.waiting(), who.reader)
    return render.page(
        request, "undelivered.html", who.reader, shell=who.shell(request, "undelivered"), page=page
    )


@router.get("/{unit}/{letter_id}")
async def dead_letter(
    unit: str, letter_id: UUID, request: Request, render: Render, who: Administrator, desk: Desk
) -> Response:
    """Show one dead letter."""
    item = await desk.letter(_known(unit), letter_id)
    one = letter_page(unit, item, who.reader)
    shell = who.shell(request, "undelivered")
    return render.page(request, "undelivered_one.html", who.reader, shell=shell, one=one)


@router.post("/replay")
async def replay_all(app: App, who: Administrator, desk: Desk, _: OwnForm) -> Response:
    """Give the letters of all units back to their queues."""
    return sent_to(app, who, _HERE, all_done(await desk.replay_all(), who.reader))


@router.post("/{unit}/replay")
async def replay_unit(unit: str, app: App, who: Administrator, desk: Desk, _: OwnForm) -> Response:
    """Give the letters of one unit back to their queues."""
    return sent_to(app, who, _HERE, all_done(await desk.replay_all(_known(unit)), who.reader))


@router.post("/{unit}/{letter_id}/replay")
async def replay(
    unit: str, letter_id: UUID, app: App, who: Administrator, desk: Desk, _: OwnForm
) -> Response:
    """Give one letter back to its queue."""
    return await settled(app, who, _HERE, desk.replay(_known(unit), letter_id), "replayed")


@router.post("/{unit}/{letter_id}/drop")
async def drop(
    unit: str, letter_id: UUID, app: App, who: Administrator, desk: Desk, form: OwnForm
) -> Response:
    """Throw one letter away, or with it all that wait of its queue, with a reason."""
    words, queue = who.reader.words, form.get("queue", "")

    async def do(reason: str) -> Flash:
        if queue:
            return Flash(
                "ok", words.n("undelivered.done.all_dropped", await desk.drop_queue(unit, queue, reason))
            )
        await desk.drop_letter(unit, letter_id, reason)
        return Flash("ok", words.t("undelivered.done.dropped"))

    return await dropped(app, who, _HERE, {**form, "here": f"{_HERE}/{_known(unit)}/{letter_id}"}, do)
