"""Dead letters as rows: each unit drains its own dead queue into a table that people can look at."""

from typing import Any
from uuid import UUID

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.errors import patiently
from shared.kernel.ids import new_id
from shared.kernel.text import safe_text
from shared.messaging import topology
from shared.messaging.connection import consume, keep_connected
from shared.messaging.retries import ORIGIN, REASON, attempts, explain

_PREFETCH = 20
_WAITING = "replayed_at is null and dropped_at is null"

log = structlog.get_logger(__name__)


def dead_letters_table(metadata: MetaData) -> Table:
    """Return the dead letters of a unit: the message, why it died, what happened to it on the way and since.

    A letter waits until somebody replays or drops it; what is dropped keeps everything but its body. `history` holds
    `headers`, `deaths`, `content_type` as they came, and `acts`: who did what with the letter, when and why.
    """
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("queue", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("message_id", Uuid),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("history", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("died_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("replayed_at", DateTime(timezone=True)),
        Column("dropped_at", DateTime(timezone=True)),
        Index("ix_dead_letters_died_at_id", "died_at", "id"),
        Index("ix_dead_letters_message_id", "message_id"),
        Index("ix_dead_letters_waiting", "died_at", "id", postgresql_where=text(_WAITING)),
    )


class DeadLetterDrain:
    """Moves messages from `<unit>.dead` into the unit's table, acknowledging after the commit."""

    def __init__(self, url: str, *, unit: str, engine: AsyncEngine, table: Table) -> None:
        self._url = url
        self._unit = unit
        self._engine = engine
        self._table = table

    async def run(self) -> None:
        """Drain until cancelled."""
        await keep_connected(self._url, name=f"{self._unit}.dead", ready=self._consume)

    async def _consume(self, connection: AbstractConnection) -> AbstractChannel:
        return await consume(connection, topology.dead_queue(self._unit), self._keep, prefetch=_PREFETCH)

    async def _keep(self, message: AbstractIncomingMessage) -> None:
        """Store one dead letter; it is never given back to the broker, which may count that against it."""
        row = _row(message)
        try:
            await patiently(lambda: self._insert(row), waiting=topology.dead_queue(self._unit))
        except Exception as error:  # noqa: BLE001 - a dead letter must never be lost: it is kept with less beside it
            log.warning("dead letter could not be kept whole", unit=self._unit, error=explain(error))
            less = {**row, "history": {}, "topic": "", "reason": explain(error)}
            await patiently(lambda: self._insert(less), waiting=topology.dead_queue(self._unit))
        await message.ack()

    async def _insert(self, row: dict[str, Any]) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(self._table.insert().values(**row))


def _row(message: AbstractIncomingMessage) -> dict[str, Any]:
    headers: dict[str, Any] = dict(message.headers)
    deaths = headers.pop("x-death", None) or [{}]
    queue = headers.get(ORIGIN) or deaths[0].get("queue") or message.routing_key or ""
    reason = headers.get(REASON) or deaths[0].get("reason") or "rejected"
    return {
        "id": new_id(),
        "queue": safe_text(str(queue)),
        "topic": safe_text(message.type or ""),
        "message_id": _uuid(message.message_id),
        "reason": safe_text(str(reason)),
        "attempts": attempts(headers),
        "history": _storable(
            {"headers": headers, "deaths": deaths, "content_type": message.content_type, "acts": []}
        ),
        "body": message.body,
    }


def _storable(value: Any) -> Any:
    """Return what jsonb can hold of any value that a header may have."""
    if isinstance(value, dict):
        return {safe_text(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value if isinstance(value, bool | int | float | None) else safe_text(str(value))


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
