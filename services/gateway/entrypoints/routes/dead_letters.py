"""The administrators' page of dead letters: all units, their letters, and what is done with them (B27)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from services.gateway.application.undelivered import Done
from services.gateway.domain.owners import UNITS
from services.gateway.entrypoints.administering import Administrator, Owners, back, refused
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, OwnForm, Render
from services.gateway.pages.reader import Reader
from services.gateway.pages.undelivered import BASE, STATES, page_of
from services.gateway.pages.undelivered_one import letter_page
from shared.kernel.errors import VoronkaError

router = APIRouter(prefix=f"{BASE}/dead-letters", include_in_schema=False)

_HERE = f"{BASE}/dead-letters"
_LONGEST_REASON = 1_000


def _known(unit: str) -> str:
    if unit not in UNITS:
        raise HTTPException(404)
    return unit


@router.get("")
async def dead_letters(request: Request, render: Render, who: Administrator, owners: Owners) -> Response:
    """Show the dead letters of all units, or those of one from a place on."""
    query = request.query_params
    state = query.get("state", "")
    state = state if state in STATES["dead-letters"] else STATES["dead-letters"][0]
    unit = query.get("unit", "") if query.get("unit") in UNITS else ""
    found = await owners.letters(state, unit=unit, cursor=query.get("cursor", "") if unit else "")
    page = page_of("dead-letters", state, found, await owners.waiting(), who.reader)
    return render.page(
        request, "undelivered.html", who.reader, shell=who.shell(request, "undelivered"), page=page
    )


@router.get("/{unit}/{letter_id}")
async def dead_letter(
    unit: str, letter_id: UUID, request: Request, render: Render, who: Administrator, owners: Owners
) -> Response:
    """Show one dead letter."""
    item = await owners.letter(_known(unit), letter_id)
    one = letter_page(unit, item, who.reader)
    shell = who.shell(request, "undelivered")
    return render.page(request, "undelivered_one.html", who.reader, shell=shell, one=one)


@router.post("/replay")
async def replay_all(app: App, who: Administrator, owners: Owners, _: OwnForm) -> Response:
    """Give the letters of all units back to their queues."""
    return back(app, who, _HERE, all_done(await owners.replay_all(), who.reader))


@router.post("/{unit}/replay")
async def replay_unit(unit: str, app: App, who: Administrator, owners: Owners, _: OwnForm) -> Response:
    """Give the letters of one unit back to their queues."""
    return back(app, who, _HERE, all_done(await owners.replay_all(_known(unit)), who.reader))


@router.post("/{unit}/{letter_id}/replay")
async def replay(
    unit: str, letter_id: UUID, app: App, who: Administrator, owners: Owners, _: OwnForm
) -> Response:
    """Give one letter back to its queue."""
    try:
        await owners.replay(_known(unit), letter_id)
    except VoronkaError as error:
        return back(app, who, _HERE, refused(error, who.reader))
    return back(app, who, _HERE, Flash("ok", who.reader.words.t("undelivered.done.replayed")))


@router.post("/{unit}/{letter_id}/drop")
async def drop(
    unit: str, letter_id: UUID, app: App, who: Administrator, owners: Owners, form: OwnForm
) -> Response:
    """Throw one letter away, with a reason."""
    if not (reason := reason_of(form)):
        needed = Flash("bad", who.reader.words.t("undelivered.done.reason_needed"))
        return back(app, who, f"{_HERE}/{_known(unit)}/{letter_id}", needed)
    try:
        await owners.drop_letter(_known(unit), letter_id, reason)
    except VoronkaError as error:
        return back(app, who, _HERE, refused(error, who.reader))
    return back(app, who, _HERE, Flash("ok", who.reader.words.t("undelivered.done.dropped")))


def reason_of(form: dict[str, str]) -> str:
    """Return the reason that stands in a form, without what is around it."""
    return form.get("reason", "").strip()[:_LONGEST_REASON]


def all_done(done: Done, reader: Reader) -> Flash:
    """Return what is said after many were set going at once."""
    text = reader.words.t("undelivered.done.all", done=done.done, left=done.left)
    if not done.failed:
        return Flash("ok", text)
    names = ", ".join(reader.words.t(f"undelivered.unit.{unit}") for unit in done.failed)
    return Flash("bad", f"{text} {reader.words.t('undelivered.done.away', names=names)}")
