"""Dead letters as rows: each unit drains its own dead queue into a table that people can look at."""

import asyncio
from typing import Any
from uuid import UUID

import aio_pika
import orjson
import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustConnection
from sqlalchemy import Column, DateTime, Identity, Integer, LargeBinary, MetaData, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.errors import is_passing
from shared.messaging import topology
from shared.messaging.connection import keep_connected
from shared.messaging.retries import ORIGIN, REASON, attempts

log = structlog.get_logger(__name__)


def dead_letters_table(metadata: MetaData) -> Table:
    """Return the dead letters of a unit: the message, why it died, what happened to it on the way."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Integer, Identity(always=True), primary_key=True),
        Column("queue", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("message_id", Uuid),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("history", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("died_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
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

    async def _consume(self, connection: AbstractRobustConnection) -> None:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=20)
        queue = await channel.get_queue(topology.dead_queue(self._unit), ensure=False)
        await queue.consume(self._keep)

    async def _keep(self, message: AbstractIncomingMessage) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(self._table.insert().values(**_row(message)))
        except Exception as error:  # noqa: BLE001 - a dead letter must never be lost: it stays in the queue
            log.warning("dead letter could not be kept", unit=self._unit, error=repr(error))
            await asyncio.sleep(2 if is_passing(error) else 30)
            await message.nack(requeue=True)
            return
        await message.ack()


def _row(message: aio_pika.abc.AbstractIncomingMessage) -> dict[str, Any]:
    headers = dict(message.headers)
    deaths = headers.pop("x-death", [])
    queue = headers.get(ORIGIN) or (deaths[0].get("queue") if deaths else None) or message.routing_key or ""
    reason = headers.get(REASON) or (deaths[0].get("reason") if deaths else None) or "rejected"
    return {
        "queue": str(queue),
        "topic": message.type or "",
        "message_id": _uuid(message.message_id),
        "reason": str(reason).replace("\x00", "\ufffd"),
        "attempts": attempts(headers),
        "history": orjson.loads(orjson.dumps({"headers": headers, "deaths": deaths}, default=str)),
        "body": message.body,
    }


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
