"""The outbox: events are rows of the transaction that made them before they are messages."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.base import Contract
from shared.contracts.envelope import encode
from shared.kernel.clock import Clock, utc_now
from shared.kernel.ids import new_id
from shared.messaging import topology
from shared.observability.tracing import current_traceparent

WAKE_CHANNEL = "outbox"


def outbox_table(metadata: MetaData) -> Table:
    """Return the outbox of a unit: rows leave in id order and are deleted once the broker has confirmed them."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("aggregate", Uuid, nullable=False),
        Column("exchange", Text, nullable=False, server_default=topology.EVENTS),
        Column("topic", Text, nullable=False),
        Column("message_id", Uuid, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes events of one unit into its outbox, inside the caller's transaction."""

    table: Table
    source: str
    clock: Clock = utc_now

    async def add(
        self, connection: AsyncConnection, *events: Contract, aggregate: UUID, exchange: str = topology.EVENTS
    ) -> None:
        """Add events of one aggregate; later rows of an aggregate are never published before earlier ones."""
        rows = [self._row(event, aggregate, exchange) for event in events]
        if not rows:
            return
        await connection.execute(self.table.insert(), rows)
        await connection.execute(text(f"notify {WAKE_CHANNEL}"))

    def _row(self, event: Contract, aggregate: UUID, exchange: str) -> dict[str, object]:
        message_id = new_id()
        body = encode(
            event,
            message_id=message_id,
            source=self.source,
            time=self.clock(),
            subject=str(aggregate),
            traceparent=current_traceparent(),
        )
        return {
            "aggregate": aggregate,
            "exchange": exchange,
            "topic": event.topic,
            "message_id": message_id,
            "body": body,
        }
