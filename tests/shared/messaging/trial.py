"""A unit that exists for one test: its queue, its topic, its contract, its tables."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from sqlalchemy import Column, Integer, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.channels.service import SERVICE
from shared.contracts.base import Contract
from shared.database.engine import new_metadata
from shared.messaging import topology
from shared.messaging.connection import open_connection
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.subscribers import Delivery
from shared.messaging.suspects import Suspects, suspects_table

DELAYS = (topology.Delay("trial.30ms", 30), topology.Delay("trial.60ms", 60))

metadata = new_metadata()
effects = Table(
    "effects", metadata, Column("id", Integer, primary_key=True), Column("text", Text, nullable=False)
)
SUSPECTS = suspects_table(metadata)
assert SERVICE.database is not None
INBOX = SERVICE.database.inbox
OUTBOX = SERVICE.database.outbox
DEAD_LETTERS = SERVICE.database.dead_letters


class Tried(Contract):
    """What the trial units say."""

    topic: ClassVar[str] = "trial.tried.v1"

    text: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One unit with one queue; `contract` has a topic that nobody else publishes."""

    url: str
    unit: str
    contract: type[Tried]
    channel: AbstractChannel
    """A channel to look into the broker with."""
    suspects: Suspects

    @property
    def queue(self) -> str:
        """The name of its queue."""
        return f"{self.unit}.work"

    @property
    def outbox(self) -> Outbox:
        """Its outbox."""
        return Outbox(OUTBOX, f"voronka/{self.unit}")

    async def say(
        self, publisher: Publisher, *texts: str, exchange: str = topology.EVENTS, mandatory: bool = True
    ) -> None:
        """Publish some texts in this order."""
        for text in texts:
            await publisher.publish(
                self.contract(text=text), message_id=uuid4(), exchange=exchange, mandatory=mandatory
            )

    async def count(self, queue: str = "") -> int:
        """Return how many messages lie ready in the queue."""
        found = await self.channel.declare_queue(queue or self.queue, passive=True)
        return found.declaration_result.message_count or 0

    async def get(self, queue: str = "") -> AbstractIncomingMessage | None:
        """Get one message out of the queue, if there is any; it is not acknowledged yet."""
        found = await self.channel.get_queue(queue or self.queue, ensure=False)
        return await found.get(fail=False)

    async def take(self, queue: str = "") -> AbstractIncomingMessage | None:
        """Take one message out of the queue for good, if there is any."""
        found = await self.get(queue)
        if found:
            await found.ack()
        return found


def new_trial(url: str, channel: AbstractChannel, engine: AsyncEngine) -> Trial:
    """Return a unit with names of its own."""
    unit = f"trial{secrets.token_hex(4)}"
    contract = type(
        "Tried", (Tried,), {"topic": f"{unit}.tried.v1", "__annotations__": {"topic": ClassVar[str]}}
    )
    return Trial(url, unit, contract, channel, Suspects(engine, SUSPECTS))


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[AbstractChannel]:
    """Yield a channel on a connection of its own, which declares nothing."""
    connection = await open_connection(url, name="tests")
    async with connection:
        yield await connection.channel()


@asynccontextmanager
async def doing(*works: Awaitable[Any]) -> AsyncIterator[None]:
    """Run something beside the block and end it with the block; its own error comes through."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def note(delivery: Delivery[Tried]) -> None:
    """Store the text: the effect of a message."""
    await store(delivery.connection, [delivery.data.text])


async def store(connection: AsyncConnection, texts: Sequence[str]) -> None:
    """Store some texts."""
    await connection.execute(effects.insert(), [{"text": text} for text in texts])


async def stored(engine: AsyncEngine) -> list[str]:
    """Return the texts that took effect, in order."""
    async with engine.connect() as connection:
        return list((await connection.execute(select(effects.c.text).order_by(effects.c.id))).scalars())


async def dead(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Return the dead letters."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(DEAD_LETTERS).order_by(DEAD_LETTERS.c.id))
        return [dict(row) for row in rows.mappings()]


async def add(engine: AsyncEngine, trial: Trial, aggregate: UUID, *texts: str, exchange: str = "") -> None:
    """Commit one event for each text."""
    async with engine.begin() as connection:
        events = [trial.contract(text=text) for text in texts]
        await trial.outbox.add(connection, *events, aggregate=aggregate, exchange=exchange or topology.EVENTS)


async def waiting_rows(engine: AsyncEngine) -> int:
    """Return how many rows wait in the outbox."""
    async with engine.connect() as connection:
        return len((await connection.execute(select(OUTBOX.c.id))).all())
