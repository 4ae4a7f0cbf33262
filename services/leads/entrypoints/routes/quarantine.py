"""The quarantine over HTTP: for administrators, to read, translate again and drop (B04)."""

import base64
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request

from services.leads.adapters.quarantine import (
    SqlQuarantine,
    count_new,
    note_translated,
    quarantined,
    select_quarantined,
)
from services.leads.application.commands.drop_quarantined import DropQuarantined, drop_quarantined
from services.leads.application.commands.translate_again import translate_again, translate_some_again
from services.leads.bootstrap import Leads
from services.leads.domain.errors import QuarantinedMissingError
from services.leads.domain.lead import Actor
from services.leads.entrypoints.dependencies import App, actor_of
from services.leads.entrypoints.quarantine_schemas import (
    AskedOut,
    QuarantinedOut,
    QuarantinedWhole,
    fields_of,
)
from shared.files.errors import FileStoreAwayError
from shared.http.pages import Listing, Page, as_uuid, fetch, parse
from shared.http.tokens import Principal, Who
from shared.kernel.text import safe_text

router = APIRouter(prefix="/api/v1/quarantine", tags=["quarantine"])

_IN_ONE_TRANSACTION = 100
_MOST_AT_ONCE = 500
_LISTING = Listing(
    table_id=quarantined.c.id,
    sorts={"received_at": quarantined.c.received_at},
    default_sort="-received_at",
    filters={
        "state": quarantined.c.state.in_,
        "unit": quarantined.c.unit.in_,
        "channel_id": lambda values: quarantined.c.channel_id.in_([as_uuid(value) for value in values]),
    },
)

log = structlog.get_logger(__name__)

Reason = Annotated[str, Query(min_length=1, max_length=1_000)]


def _administrator(who: Principal) -> Actor:
    """Return who asks; ForbiddenError unless he may edit roles, by which he could give himself any right."""
    who.require("roles", "edit")
    return actor_of(who)


@router.get("")
async def list_quarantined(request: Request, app: App, who: Who) -> Page[QuarantinedOut]:
    """List what could not be translated, newest first; `state` new, translated or dropped."""
    _administrator(who)
    query = parse(request, _LISTING)
    async with app.engine.begin() as connection:
        await note_translated(connection)
        rows, cursor = await fetch(connection, select_quarantined(), query, _LISTING)
    return Page(items=[QuarantinedOut.of(row) for row in rows], next_cursor=cursor)


@router.get("/count")
async def count_quarantined(app: App, who: Who) -> dict[str, int]:
    """Count what waits to be translated."""
    _administrator(who)
    async with app.engine.begin() as connection:
        await note_translated(connection)
        return {"count": await count_new(connection)}


@router.get("/{event_id}", response_model_exclude_none=True)
async def get_quarantined(event_id: UUID, app: App, who: Who) -> QuarantinedWhole:
    """Read one with the bytes that came in."""
    _administrator(who)
    async with app.engine.begin() as connection:
        await note_translated(connection)
        statement = select_quarantined(whole=True).where(quarantined.c.id == event_id)
        row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise QuarantinedMissingError
    raw = dict(row["raw"])
    if key := raw.pop("file_key", None):
        raw["base64"] = base64.b64encode(await app.files.get(key)).decode()
    return QuarantinedWhole(**{**raw, **fields_of(row)})


@router.post("/translate-again", status_code=202)
async def translate_all(app: App, who: Who) -> AskedOut:
    """Let the connectors translate the oldest again, a few hundred at once; what fails stays, with the new reason."""
    actor, asked = _administrator(who), 0
    while asked < _MOST_AT_ONCE:
        async with app.engine.begin() as connection:
            await note_translated(connection)
            quarantine = SqlQuarantine(connection, app.outbox)
            done = await translate_some_again(actor, quarantine, app.clock(), most=_IN_ONE_TRANSACTION)
            left = await count_new(connection)
        asked += done
        if done < _IN_ONE_TRANSACTION:
            break
    return AskedOut(asked=asked, left=left)


@router.post("/{event_id}/translate-again", status_code=202)
async def translate_one(event_id: UUID, app: App, who: Who) -> AskedOut:
    """Let the connector translate one again; its inquiry arrives under the same id, or the new reason."""
    actor = _administrator(who)
    async with app.engine.begin() as connection:
        await note_translated(connection)
        await translate_again(event_id, actor, SqlQuarantine(connection, app.outbox), app.clock())
        return AskedOut(asked=1, left=await count_new(connection))


@router.delete("/{event_id}", status_code=204)
async def drop(event_id: UUID, reason: Reason, app: App, who: Who) -> None:
    """Throw the bytes of one away for good; that it was there and why it was dropped is kept."""
    command = DropQuarantined(event_id, _administrator(who), safe_text(reason))
    async with app.engine.begin() as connection:
        await note_translated(connection)
        key = await drop_quarantined(command, SqlQuarantine(connection, app.outbox), app.clock())
    if key:
        await _forget(key, app)


async def _forget(key: str, app: Leads) -> None:
    """Delete the bytes; that the file store is away must not undo a drop that is done."""
    try:
        await app.files.delete(key)
    except FileStoreAwayError:
        log.warning("the bytes of a dropped post stay in the file store", key=key)
