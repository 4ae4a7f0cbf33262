"""What people do with dead letters: look at one, give it back to its queue, throw it away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from aio_pika import DeliveryMode, Message
from sqlalchemy import ColumnElement, RowMapping, Table, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.contracts.envelope import CONTENT_TYPE
from shared.kernel.clock import Clock, utc_now
from shared.kernel.errors import ConflictError, InvalidError, MissingError
from shared.messaging import topology
from shared.messaging.publisher import Publisher, PublishFailedError

MOST_AT_ONCE = 500
"""Letters that one call replays; what is left is told."""

_IN_ONE_TRANSACTION = 50
_OURS = "x-"

log = structlog.get_logger(__name__)


class DeadLetterMissingError(MissingError):
    """There is no such dead letter."""

    slug = "dead-letter-not-found"


class DeadLetterSettledError(ConflictError):
    """The dead letter was replayed or dropped already."""

    slug = "dead-letter-settled"


class NothingNamedError(InvalidError):
    """Name the queues or topics whose letters are meant."""

    slug = "nothing-named"


class QueueGoneError(ConflictError):
    """The queue that the message came from is not there any more."""

    slug = "queue-gone"


@dataclass(frozen=True, slots=True)
class By:
    """Who does it: an employee, or whoever sits at the machine."""

    name: str
    id: str = ""

    def act(self, kind: str, at: datetime, reason: str = "") -> dict[str, str]:
        """Return the entry of a letter's history."""
        return {"kind": kind, "at": at.isoformat(), "by": self.name, "by_id": self.id, "reason": reason}


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many letters went back to their queues, and how many of those asked for still wait.

    `gone` of those that wait cannot be replayed at all: their queues are not there any more.
    """

    replayed: int
    left: int
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which waiting letters are meant: all, or those of some queues and topics."""

    queues: Sequence[str] = field(default=())
    topics: Sequence[str] = field(default=())

    def of(self, table: Table) -> ColumnElement[bool]:
        """Return the condition."""
        conditions = [waiting(table)]
        if self.queues:
            conditions.append(table.c.queue.in_(self.queues))
        if self.topics:
            conditions.append(table.c.topic.in_(self.topics))
        return and_(*conditions)


def waiting(table: Table) -> ColumnElement[bool]:
    """Return the condition that nobody has settled the letter yet."""
    return and_(table.c.replayed_at.is_(None), table.c.dropped_at.is_(None))


def has_queue(name: str) -> bool:
    """Say whether a letter of this queue can be given back to it."""
    return any(item.name == name for item in topology.QUEUES)


def _has_queue(table: Table) -> ColumnElement[bool]:
    return table.c.queue.in_([item.name for item in topology.QUEUES])


class DeadLetterDesk:
    """The dead letters in one unit's database, and the publisher that gives them back."""

    def __init__(
        self, engine: AsyncEngine, table: Table, publisher: Publisher | None, clock: Clock = utc_now
    ) -> None:
        self._engine = engine
        self._table = table
        self._publisher = publisher
        self._clock = clock

    async def read(self, letter_id: UUID) -> tuple[RowMapping, Sequence[UUID]]:
        """Return the letter and the ids of all that are of the same message; DeadLetterMissingError."""
        table = self._table
        async with self._engine.connect() as connection:
            row = await self._one(connection, select(table).where(table.c.id == letter_id))
            same = (
                select(table.c.id)
                .where(table.c.message_id == row["message_id"], table.c.id != letter_id)
                .order_by(table.c.died_at, table.c.id)
                .limit(MOST_AT_ONCE)
            )
            return row, (await connection.execute(same)).scalars().all()

    async def count(self, wanted: Wanted) -> int:
        """Return how many letters wait."""
        statement = select(func.count()).select_from(self._table).where(wanted.of(self._table))
        async with self._engine.connect() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def newest(self, wanted: Wanted, most: int) -> Sequence[RowMapping]:
        """Return the newest letters that wait, without their bodies."""
        table = self._table
        columns = [column for column in table.c if column.name not in {"body", "history"}]
        statement = (
            select(*columns).where(wanted.of(table)).order_by(table.c.died_at.desc(), table.c.id.desc())
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(statement.limit(most))).mappings().all()

    async def replay(self, letter_id: UUID, by: By) -> None:
        """Give the letter back to its queue; it counts as replayed only once the broker has confirmed that.

        DeadLetterMissingError, DeadLetterSettledError, QueueGoneError, PublishFailedError.
        """
        async with self._engine.begin() as connection:
            row = await self._locked(connection, letter_id)
            await self._give_back(row)
            await self._settle(connection, row, "replayed", by)

    async def replay_all(self, wanted: Wanted, by: By) -> Replayed:
        """Give back the oldest letters that are meant, MOST_AT_ONCE at most, but none whose queue is gone.

        PublishFailedError when the broker confirms none of them.
        """
        replayed = 0
        while replayed < MOST_AT_ONCE:
            done = await self._replay_some(wanted, by)
            replayed += done
            if done < _IN_ONE_TRANSACTION:
                break
        return Replayed(replayed, await self.count(wanted), await self._count_gone(wanted))

    async def drop(self, letter_id: UUID, by: By, reason: str) -> None:
        """Throw the body away; that the letter was there, who dropped it and why is kept.

        DeadLetterMissingError, DeadLetterSettledError.
        """
        async with self._engine.begin() as connection:
            row = await self._locked(connection, letter_id)
            await self._settle(connection, row, "dropped", by, reason)

    async def drop_all(self, wanted: Wanted, by: By, reason: str) -> int:
        """Throw away the bodies of all letters of some queues or topics and return how many these were.

        NothingNamedError when neither is named: nobody means to throw everything away.
        """
        if not wanted.queues and not wanted.topics:
            raise NothingNamedError
        dropped = 0
        while True:
            done = await self._drop_some(wanted, by, reason)
            dropped += done
            if done < _IN_ONE_TRANSACTION:
                return dropped

    async def _drop_some(self, wanted: Wanted, by: By, reason: str) -> int:
        statement = (
            select(self._table)
            .where(wanted.of(self._table))
            .order_by(self._table.c.died_at, self._table.c.id)
            .limit(_IN_ONE_TRANSACTION)
            .with_for_update(skip_locked=True)
        )
        async with self._engine.begin() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            for row in rows:
                await self._settle(connection, row, "dropped", by, reason)
        return len(rows)

    async def _count_gone(self, wanted: Wanted) -> int:
        table = self._table
        statement = select(func.count()).select_from(table).where(wanted.of(table), ~_has_queue(table))
        async with self._engine.connect() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def _replay_some(self, wanted: Wanted, by: By) -> int:
        table = self._table
        statement = (
            select(table)
            .where(wanted.of(table), _has_queue(table))
            .order_by(table.c.died_at, table.c.id)
            .limit(_IN_ONE_TRANSACTION)
            .with_for_update(skip_locked=True)
        )
        done = 0
        async with self._engine.begin() as connection:
            for row in (await connection.execute(statement)).mappings().all():
                try:
                    await self._give_back(row)
                except PublishFailedError:
                    if not done:
                        raise
                    break
                await self._settle(connection, row, "replayed", by)
                done += 1
        return done

    async def _locked(self, connection: AsyncConnection, letter_id: UUID) -> RowMapping:
        statement = select(self._table).where(self._table.c.id == letter_id).with_for_update()
        row = await self._one(connection, statement)
        if row["replayed_at"] or row["dropped_at"]:
            raise DeadLetterSettledError
        return row

    @staticmethod
    async def _one(connection: AsyncConnection, statement: Any) -> RowMapping:
        row: RowMapping | None = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise DeadLetterMissingError
        return row

    async def _give_back(self, row: RowMapping) -> None:
        """Publish the message straight to its queue, as if it had never been tried."""
        if not has_queue(row["queue"]):
            raise QueueGoneError(f"there is no queue {row['queue'][:200]}")
        if self._publisher is None:
            raise PublishFailedError("the broker is away")
        headers = row["history"].get("headers", {})
        item = Message(
            row["body"],
            message_id=str(row["message_id"]) if row["message_id"] else None,
            type=row["topic"],
            content_type=row["history"].get("content_type") or CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            headers={name: value for name, value in headers.items() if not name.startswith(_OURS)},
        )
        await self._publisher.send(item, exchange=topology.STRAIGHT, routing_key=row["queue"], mandatory=True)

    async def _settle(
        self, connection: AsyncConnection, row: RowMapping, how: str, by: By, reason: str = ""
    ) -> None:
        now = self._clock()
        history = row["history"]
        acts = [*history.get("acts", ()), by.act(how, now, reason)]
        values: dict[str, Any] = {f"{how}_at": now, "history": {**history, "acts": acts}}
        if how == "dropped":
            values["body"] = b""
        statement = self._table.update().where(self._table.c.id == row["id"]).values(**values)
        await connection.execute(statement)
        log.info("dead letter is settled", how=how, letter=str(row["id"]), queue=row["queue"], by=by.name)
