"""Fixtures of the messaging tests: a unit of the test's own in the broker, and a database with its tables."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aio_pika.abc import AbstractConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from services.channels.service import SERVICE
from shared.database import errors
from shared.database.engine import open_engine
from shared.messaging import connection, retries, topology
from shared.messaging.connection import open_connection
from shared.messaging.publisher import Publisher
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase
from tests.shared.messaging.trial import (
    DEAD_LETTERS,
    DELAYS,
    INBOX,
    OUTBOX,
    SUSPECTS,
    Trial,
    effects,
    metadata,
    new_trial,
)
from tests.shared.waiting import eventually


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again after milliseconds where the product waits for seconds."""
    monkeypatch.setattr(errors, "_BACKOFF_S", (0.02, 0.1))
    monkeypatch.setattr(retries, "_AGAIN_S", (0.02, 0.1))
    monkeypatch.setattr(connection, "_RETRY_S", (0.02, 0.1))


@pytest.fixture(scope="module")
async def looking(amqp_url: str) -> AsyncIterator[AbstractConnection]:
    """Return a connection to look into the broker with."""
    connection = await open_connection(amqp_url, name="tests")
    async with connection:
        yield connection


@pytest.fixture
async def trial(
    amqp_url: str, looking: AbstractConnection, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Trial]:
    """Return a unit that is alone in the topology, with delays of milliseconds."""
    async with looking.channel() as channel:
        found = new_trial(amqp_url, channel, engine)
        queue = topology.Queue(found.queue, topology.EVENTS, (found.contract.topic,))
        monkeypatch.setattr(topology, "QUEUES", (queue,))
        monkeypatch.setattr(topology, "DELAYS", DELAYS)
        yield found
    async with looking.channel() as channel:
        for name in (found.queue, topology.dead_queue(found.unit)):  # quorum queues cost the broker files
            await channel.queue_delete(name)


@pytest.fixture
async def publisher(trial: Trial) -> AsyncIterator[Publisher]:
    """Return a connected publisher."""
    async with Publisher(trial.url, source=f"voronka/{trial.unit}") as found:
        await eventually(lambda: found.connected)
        yield found


@pytest.fixture(scope="module")
async def trial_database(database: Callable[[Unit], Awaitable[TestDatabase]]) -> TestDatabase:
    """Return a database with inbox, outbox, dead letters, suspects and the table of effects."""
    found = await database(SERVICE)
    owner = open_engine(found.owner_url, name="tests")
    async with owner.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await owner.dispose()
    return found


@pytest.fixture(scope="module")
async def one_engine(trial_database: TestDatabase) -> AsyncIterator[AsyncEngine]:
    """Return the engine of that database."""
    found = open_engine(trial_database.url, name="tests")
    yield found
    await found.dispose()


@pytest.fixture
async def engine(one_engine: AsyncEngine) -> AsyncEngine:
    """Return the engine of a database whose tables are empty."""
    async with one_engine.begin() as connection:
        for table in (effects, SUSPECTS, INBOX, OUTBOX, DEAD_LETTERS):
            await connection.execute(table.delete())
    return one_engine
