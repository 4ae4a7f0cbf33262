"""`/api/v1/dead-letters` of every unit with a database: for administrators, to read, replay and drop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.http.pages import BadParameterError, Listing, Page, fetch, parse
from shared.http.tokens import Principal, Who
from shared.kernel.text import safe_text
from shared.messaging.dead_letter_body import readable
from shared.messaging.dead_letter_desk import By, DeadLetterDesk, Wanted, has_queue, waiting

ADDRESS = "/api/v1/dead-letters"
_LONGEST_REASON = 1_000

State = Literal["waiting", "replayed", "dropped"]


class DeadLetterOut(BaseModel):
    """A dead letter in a list: what it is and why it died."""

    id: UUID
    queue: str
    topic: str
    message_id: UUID | None
    reason: str
    attempts: int
    died_at: datetime
    state: State
    queue_gone: bool
    """Whether its queue is not there any more, so that it can only be dropped."""
    replayed_at: datetime | None
    dropped_at: datetime | None
    size: int
    """Bytes of the body."""


class ActOut(BaseModel):
    """What somebody did with it."""

    kind: str
    at: datetime
    by: str
    reason: str = ""


class DeadLetterWhole(DeadLetterOut):
    """A dead letter with its body (`json`, `text` or `base64`, whichever it is), headers and history."""

    body: dict[str, Any]
    headers: dict[str, Any]
    deaths: list[Any]
    acts: list[ActOut]
    same_message: list[UUID]
    """Other dead letters of the same message: it died before, or again after it was replayed."""


class Which(BaseModel):
    """Which waiting letters are meant; all of them when nothing is said."""

    queue: list[str] = Field(default=[], max_length=100)
    topic: list[str] = Field(default=[], max_length=100)


class ReplayedOut(BaseModel):
    """How many went back to their queues, how many still wait, and how many of these have no queue any more."""

    replayed: int
    left: int
    gone: int


class WhichDropped(Which):
    """Which waiting letters are thrown away, by queue or topic, and why."""

    reason: str = Field(min_length=1, max_length=_LONGEST_REASON)


class DroppedOut(BaseModel):
    """How many were thrown away."""

    dropped: int


Reason = Annotated[str, Query(min_length=1, max_length=_LONGEST_REASON)]
"""Why the letter is thrown away."""


def dead_letter_routes(engine: AsyncEngine, table: Table, desk: DeadLetterDesk) -> APIRouter:
    """Return the routes over the dead letters of one unit."""
    router = APIRouter(prefix=ADDRESS, tags=["dead-letters"])
    _add_reading(router, engine, table, desk)
    _add_settling(router, desk)
    return router


def _add_reading(router: APIRouter, engine: AsyncEngine, table: Table, desk: DeadLetterDesk) -> None:
    listing = _listing(table)
    columns = [column for column in table.c if column.name not in {"body", "history"}]
    listed = select(*columns, func.octet_length(table.c.body).label("size"))

    @router.get("")
    async def list_dead_letters(request: Request, who: Who) -> Page[DeadLetterOut]:
        """List dead letters, newest first; `state` waiting, replayed or dropped."""
        _administrator(who)
        query = parse(request, listing)
        async with engine.connect() as connection:
            rows, cursor = await fetch(connection, listed, query, listing)
        return Page(items=[DeadLetterOut(**_shown(row)) for row in rows], next_cursor=cursor)

    @router.get("/count")
    async def count_dead_letters(who: Who) -> dict[str, int]:
        """Count those that wait."""
        _administrator(who)
        return {"count": await desk.count(Wanted())}

    @router.get("/{letter_id}")
    async def get_dead_letter(letter_id: UUID, who: Who) -> DeadLetterWhole:
        """Read one dead letter with everything that is known of it."""
        _administrator(who)
        row, same = await desk.read(letter_id)
        history = row["history"]
        return DeadLetterWhole(
            **_shown({**row, "size": len(row["body"])}),
            body=readable(row["body"]),
            headers=history.get("headers", {}),
            deaths=history.get("deaths", []),
            acts=history.get("acts", []),
            same_message=list(same),
        )


def _add_settling(router: APIRouter, desk: DeadLetterDesk) -> None:
    @router.post("/replay")
    async def replay_dead_letters(body: Which, who: Who) -> ReplayedOut:
        """Give the letters that are meant back to their queues, a few hundred at once: ask again while any are left."""
        by = _administrator(who)
        done = await desk.replay_all(Wanted(body.queue, body.topic), by)
        return ReplayedOut(replayed=done.replayed, left=done.left, gone=done.gone)

    @router.post("/drop")
    async def drop_dead_letters(body: WhichDropped, who: Who) -> DroppedOut:
        """Throw the waiting letters of some queues or topics away for good, all for one reason."""
        by = _administrator(who)
        wanted = Wanted(body.queue, body.topic)
        return DroppedOut(dropped=await desk.drop_all(wanted, by, safe_text(body.reason)))

    @router.post("/{letter_id}/replay", status_code=204)
    async def replay_dead_letter(letter_id: UUID, who: Who) -> None:
        """Give one letter back to its queue."""
        await desk.replay(letter_id, _administrator(who))

    @router.delete("/{letter_id}", status_code=204)
    async def drop_dead_letter(letter_id: UUID, reason: Reason, who: Who) -> None:
        """Throw one letter away for good; that it was there and why it was dropped is kept."""
        await desk.drop(letter_id, _administrator(who), safe_text(reason))


def _administrator(who: Principal) -> By:
    """Return who asks; ForbiddenError unless he may edit roles, by which he could give himself any right."""
    who.require("roles", "edit")
    return By(who.name, str(who.employee_id))


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    state = "replayed" if row["replayed_at"] else "dropped" if row["dropped_at"] else "waiting"
    shown = {name: row[name] for name in DeadLetterOut.model_fields if name in row}
    return {**shown, "state": state, "queue_gone": not has_queue(row["queue"])}


def _listing(table: Table) -> Listing:
    conditions = {
        "waiting": waiting(table),
        "replayed": table.c.replayed_at.is_not(None),
        "dropped": table.c.dropped_at.is_not(None),
    }

    def in_state(values: list[str]) -> Any:
        if values[-1] not in conditions:
            raise BadParameterError(f"state is one of {', '.join(get_args(State))}")
        return conditions[values[-1]]

    return Listing(
        table_id=table.c.id,
        sorts={"died_at": table.c.died_at},
        default_sort="-died_at",
        filters={"queue": table.c.queue.in_, "topic": table.c.topic.in_, "state": in_state},
    )
