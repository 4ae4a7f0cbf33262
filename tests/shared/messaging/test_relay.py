"""Events are rows before they are messages, and each takes effect once in its consumer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from pamqp import commands, frame
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import connection, pipeline, relay, topology
from shared.messaging.line import BreakableConnection
from shared.messaging.outbox import WAKE_CHANNEL
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.subscribers import Subscribers, Subscription
from tests.databases import TestDatabase
from tests.shared.messaging.proxy import through_proxy
from tests.shared.messaging.trial import (
    INBOX,
    OUTBOX,
    Trial,
    add,
    doing,
    note,
    stored,
    waiting_rows,
)
from tests.shared.waiting import eventually


@asynccontextmanager
async def relaying(database: TestDatabase, publisher: Publisher, trial: Trial) -> AsyncIterator[None]:
    """Run a relay beside the block."""
    async with doing(Relay(database.url, publisher, unit=trial.unit).run()):
        yield


@asynccontextmanager
async def subscribed(trial: Trial, publisher: Publisher, engine: AsyncEngine) -> AsyncIterator[None]:
    """Consume the trial's queue beside the block, noting each text."""
    subscription = Subscription(trial.queue, ((trial.contract, note),))
    subscribers = Subscribers(
        trial.url,
        publisher,
        unit=trial.unit,
        engine=engine,
        inbox=INBOX,
        app=None,
        subscriptions=[subscription],
    )
    async with doing(subscribers.run()):
        yield


async def take_all(trial: Trial, count: int) -> list[str]:
    """Return the texts of the first messages in the queue, in its order."""
    found: list[str] = []
    while len(found) < count:
        message = await eventually(trial.take)
        assert message is not None
        found.append(message.body.decode())
    return found


async def test_a_committed_event_takes_effect_once_and_leaves_the_outbox(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    await add(engine, trial, uuid4(), "one", "two")
    async with relaying(trial_database, publisher, trial), subscribed(trial, publisher, engine):
        await eventually(lambda: stored(engine))
        await eventually(lambda: _all(engine, 2))
        await eventually(lambda: _empty(engine))
    assert sorted(await stored(engine)) == ["one", "two"]


async def test_an_event_of_a_rolled_back_transaction_never_leaves(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with engine.connect() as connection, connection.begin() as transaction:
        await trial.outbox.add(connection, trial.contract(text="never"), aggregate=uuid4())
        await transaction.rollback()
    await add(engine, trial, uuid4(), "after")
    async with relaying(trial_database, publisher, trial):
        await eventually(lambda: _empty(engine))
    assert await trial.count() == 1


async def test_a_relay_killed_between_confirm_and_delete_doubles_no_effect(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    await add(engine, trial, uuid4(), "once")
    async with engine.connect() as connection:
        row = dict((await connection.execute(select(OUTBOX))).mappings().one())
    async with relaying(trial_database, publisher, trial), subscribed(trial, publisher, engine):
        await eventually(lambda: stored(engine))
        del row["id"]
        for _ in range(3):  # the broker has it, but the row is still there
            async with engine.begin() as connection:
                await connection.execute(OUTBOX.insert().values(**row))
                await connection.execute(text(f"notify {WAKE_CHANNEL}"))
            await eventually(lambda: _empty(engine))
        await add(engine, trial, uuid4(), "last")
        await eventually(lambda: _all(engine, 2))
    assert await stored(engine) == ["once", "last"]


async def test_events_of_one_aggregate_leave_in_their_order(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    aggregates = [uuid4() for _ in range(7)]
    for number in range(40):
        for place, aggregate in enumerate(aggregates):
            await add(engine, trial, aggregate, f"{place}:{number:03}")
    async with relaying(trial_database, publisher, trial):
        bodies = await take_all(trial, 280)
    for place in range(7):
        seen = [body.partition(f'"text":"{place}:')[2][:3] for body in bodies if f'"text":"{place}:' in body]
        assert seen == [f"{number:03}" for number in range(40)]


async def test_a_row_that_cannot_be_published_blocks_only_its_aggregate(
    trial: Trial,
    publisher: Publisher,
    engine: AsyncEngine,
    trial_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay, "_BLOCKED_S", 0.1)
    stuck, free = uuid4(), uuid4()
    await add(
        engine, trial, stuck, "first", exchange=topology.COMMANDS
    )  # no queue takes it, and it is mandatory
    await add(engine, trial, stuck, "second")
    await add(engine, trial, free, "free")
    async with relaying(trial_database, publisher, trial):
        await eventually(lambda: _left(engine, 2))
        await eventually(trial.count)
        assert await waiting_rows(engine) == 2
        queue = await trial.channel.get_queue(trial.queue)
        await queue.bind(topology.COMMANDS, trial.contract.topic)
        bodies = await take_all(trial, 3)
    assert [body.rpartition('"text":"')[2].partition('"')[0] for body in bodies] == [
        "free",
        "first",
        "second",
    ]


async def test_rows_wait_while_the_broker_is_away_and_leave_when_it_is_back(
    trial: Trial, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        async with relaying(trial_database, publisher, trial):
            await proxy.cut()
            await eventually(lambda: not publisher.connected)
            await add(engine, trial, uuid4(), "late")
            await asyncio.sleep(0.3)
            assert await waiting_rows(engine) == 1
            await proxy.heal()
            await eventually(lambda: _empty(engine))
    assert await trial.count() == 1


async def test_a_broker_that_does_not_read_fills_no_memory_and_gets_all_when_it_reads_again(
    trial: Trial, engine: AsyncEngine, trial_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_WITHIN_S", 0.3)
    monkeypatch.setattr(relay, "_BLOCKED_S", 0.1)
    monkeypatch.setattr(connection, "_CONNECT_S", 0.5)
    texts = [f"{number:03}" + "x" * 80_000 for number in range(150)]
    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        proxy.deafen()
        for one in texts:
            await add(engine, trial, uuid4(), one)
        async with relaying(trial_database, publisher, trial):
            most = await _most_unsent(publisher, during_s=3)
            assert 0 < most < 3 * pipeline.LARGEST_WRITE
            await proxy.heal()
            await eventually(lambda: _empty(engine), within_s=15)
    arrived = await take_all(trial, len(texts))
    assert len(await _all_texts(trial, arrived)) == len(texts)


async def test_while_the_broker_blocks_publishing_nothing_is_written_and_then_it_goes_on(
    trial: Trial, engine: AsyncEngine, trial_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_WITHIN_S", 0.2)
    monkeypatch.setattr(relay, "_BLOCKED_S", 0.1)
    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        before = publisher._channel
        proxy.say(frame.marshal(commands.Connection.Blocked("low on memory"), 0))
        await asyncio.sleep(0.1)
        async with relaying(trial_database, publisher, trial):
            await add(engine, trial, uuid4(), "late")
            await asyncio.sleep(1)
            assert await waiting_rows(engine) == 1
            assert await trial.count() == 0
            proxy.say(frame.marshal(commands.Connection.Unblocked(), 0))
            await eventually(lambda: _empty(engine))
        assert publisher._channel is before
    assert await trial.count() == 1


async def test_another_relay_takes_over_within_five_seconds(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with through_proxy(trial_database.url) as proxy:
        dying = Relay(proxy.url, publisher, unit=trial.unit)
        async with doing(dying.run()):
            await add(engine, trial, uuid4(), "by the first")
            await eventually(lambda: _empty(engine))
            async with relaying(trial_database, publisher, trial):
                await proxy.cut()
                await add(engine, trial, uuid4(), "by the second")
                await eventually(lambda: _empty(engine), within_s=5)
    assert await trial.count() == 2


async def test_two_relays_do_not_publish_twice(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with relaying(trial_database, publisher, trial), relaying(trial_database, publisher, trial):
        for number in range(50):
            await add(engine, trial, uuid4(), str(number))
        await eventually(lambda: _empty(engine))
    assert await trial.count() == 50


async def _most_unsent(publisher: Publisher, *, during_s: float) -> int:
    """Return the most bytes that lay unsent in the publisher's connections during a while."""
    most = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(during_s):
            while True:
                assert isinstance(publisher._connection, BreakableConnection)
                most = max(most, publisher._connection.unsent)
                await asyncio.sleep(0.01)
    return most


async def _all_texts(trial: Trial, arrived: list[str]) -> set[str]:
    """Return the first letters of all texts that have arrived and of those that still lie in the queue."""
    while message := await trial.take():
        arrived.append(message.body.decode())
    return {body.partition('"text":"')[2][:3] for body in arrived}


async def _empty(engine: AsyncEngine) -> bool:
    return not await waiting_rows(engine)


async def _left(engine: AsyncEngine, count: int) -> bool:
    return await waiting_rows(engine) == count


async def _all(engine: AsyncEngine, count: int) -> bool:
    return len(await stored(engine)) == count
