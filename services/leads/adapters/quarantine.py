"""The quarantine in PostgreSQL: what connectors could not translate, raw (B04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    Uuid,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.known import known_channels
from services.leads.adapters.tables import inquiries, metadata
from services.leads.domain.errors import QuarantinedMissingError
from services.leads.domain.lead import Actor
from services.leads.domain.quarantined import Quarantined
from shared.contracts.inquiries import EventQuarantined, TranslateAgain
from shared.messaging import topology
from shared.messaging.outbox import Outbox

ASKED_FOR = timedelta(minutes=1)
"""How long what was asked for is left alone when all are asked for."""

quarantined = Table(
    "quarantined",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("channel_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("ip", Text, nullable=False),
    Column("raw", JSONB, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state in ('new', 'translated', 'dropped')", name="state"),
        nullable=False,
        server_default="new",
    ),
    Column("acts", JSONB, nullable=False, server_default=text("'[]'")),
    Column("asked_at", DateTime(timezone=True)),
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_quarantined_received_at_id", "received_at", "id"),
    Index("ix_quarantined_new", "received_at", "id", postgresql_where=text("state = 'new'")),
)
"""`raw` is as in raw_inquiries; `acts` tells who asked for or dropped it, when and why."""

_OF_A_ROW = {"raw", "acts", "headers", "ip", "external_id"}


def select_quarantined(*, whole: bool = False) -> Select[Any]:
    """Return the select of what is in quarantine with the channels, with the bytes only if it is to be whole."""
    columns = [column for column in quarantined.c if whole or column.name not in _OF_A_ROW]
    return select(
        *columns, known_channels.c.name.label("channel_name"), known_channels.c.kind.label("channel_kind")
    ).outerjoin(known_channels, known_channels.c.id == quarantined.c.channel_id)


async def note_translated(connection: AsyncConnection) -> None:
    """Mark what has arrived as an inquiry meanwhile, by whichever way.

    Done before anybody looks: intake, which is in a hurry, then need not know of the quarantine.
    """
    await connection.execute(
        quarantined.update()
        .where(quarantined.c.state == "new", quarantined.c.id == inquiries.c.id)
        .values(state="translated", settled_at=inquiries.c.stored_at)
    )


async def count_new(connection: AsyncConnection) -> int:
    """Return how many wait to be translated."""
    statement = select(func.count()).select_from(quarantined).where(quarantined.c.state == "new")
    return int((await connection.execute(statement)).scalar_one())


async def keep(connection: AsyncConnection, event: EventQuarantined, now: datetime) -> None:
    """Keep what was quarantined; when it failed once more, also that it did, and why each time."""
    values = {
        **event.model_dump(
            include={"unit", "channel_id", "external_id", "received_at", "reason", "attempts"}
        ),
        "id": event.inquiry_id,
        "content_type": event.raw.content_type,
        "headers": event.headers,
        "ip": event.ip,
        "raw": event.raw.model_dump(exclude_none=True),
    }
    statement = insert(quarantined).values(**values)
    failed = {"kind": "failed", "at": now.isoformat(), "by": "", "by_id": "", "reason": event.reason}
    failed_again = {
        "reason": event.reason,
        "attempts": event.attempts,
        "asked_at": None,
        "acts": quarantined.c.acts.op("||")(literal([failed], JSONB)),
    }
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=failed_again, where=quarantined.c.attempts < event.attempts
        )
    )


@dataclass(frozen=True, slots=True)
class SqlQuarantine:
    """What is in quarantine, through one connection and its transaction."""

    connection: AsyncConnection
    outbox: Outbox

    async def get(self, event_id: UUID) -> Quarantined:
        """Return it, locked; QuarantinedMissingError."""
        statement = select(quarantined).where(quarantined.c.id == event_id).with_for_update()
        row = (await self.connection.execute(statement)).mappings().first()
        if row is None:
            raise QuarantinedMissingError
        return _of(row)

    async def oldest(self, now: datetime, *, units: Sequence[str], most: int) -> list[Quarantined]:
        """Return, locked, the oldest of these units that are new and that nobody has just asked for."""
        left_alone = func.coalesce(quarantined.c.asked_at, now - 2 * ASKED_FOR)
        statement = (
            select(quarantined)
            .where(
                quarantined.c.state == "new",
                quarantined.c.unit.in_(units),
                left_alone < now - ASKED_FOR,
            )
            .order_by(quarantined.c.received_at, quarantined.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_of(row) for row in (await self.connection.execute(statement)).mappings()]

    async def send(self, command: TranslateAgain) -> None:
        """Put the command into the outbox of this transaction."""
        await self.outbox.add(
            self.connection, command, aggregate=command.inquiry_id, exchange=topology.COMMANDS
        )

    async def note_asked(self, ids: Sequence[UUID], actor: Actor, now: datetime) -> None:
        """Note who asked for them."""
        await self._note(ids, {"asked_at": now}, _act("asked", actor, now))

    async def drop(self, event_id: UUID, actor: Actor, reason: str, now: datetime) -> None:
        """Forget the bytes and what was told beside them."""
        values = {"state": "dropped", "settled_at": now, "raw": {}, "headers": {}, "ip": ""}
        await self._note([event_id], values, _act("dropped", actor, now, reason))

    async def _note(self, ids: Sequence[UUID], values: dict[str, Any], act: dict[str, str]) -> None:
        acts = quarantined.c.acts.op("||")(literal([act], JSONB))
        await self.connection.execute(
            quarantined.update().where(quarantined.c.id.in_(ids)).values(**values, acts=acts)
        )


def _act(kind: str, actor: Actor, now: datetime, reason: str = "") -> dict[str, str]:
    return {"kind": kind, "at": now.isoformat(), "by": actor.name, "by_id": str(actor.id), "reason": reason}


def _of(row: RowMapping) -> Quarantined:
    return Quarantined(**{name: row[name] for name in Quarantined.__slots__})
