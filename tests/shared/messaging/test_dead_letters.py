"""Dead letters become rows, whatever is in them, and none is lost while the database is away."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from aio_pika import Message
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import open_engine
from shared.messaging import declare, topology
from shared.messaging.batch import BatchSubscriber
from shared.messaging.dead_letters import DeadLetterDrain
from shared.messaging.publisher import Publisher, message
from shared.messaging.retries import park
from tests.databases import TestDatabase
from tests.shared.messaging.proxy import through_proxy
from tests.shared.messaging.trial import DEAD_LETTERS, Trial, dead, doing
from tests.shared.waiting import eventually


def draining(trial: Trial, engine: AsyncEngine) -> DeadLetterDrain:
    """Return the drain of the trial's unit."""
    return DeadLetterDrain(trial.url, unit=trial.unit, engine=engine, table=DEAD_LETTERS)


async def test_a_parked_message_becomes_a_row_with_its_reason(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    message_id = uuid4()
    item = message(b"body", message_id=message_id, topic="a.b.v1", headers={"x-attempt": 3})
    async with doing(draining(trial, engine).run()):
        await park(publisher, trial.queue, item, "because \x00")
        await eventually(lambda: dead(engine))
        await eventually(lambda: _empty(trial))
    (row,) = await dead(engine)
    assert row["queue"] == trial.queue
    assert row["topic"] == "a.b.v1"
    assert row["message_id"] == message_id
    assert row["reason"] == "because \ufffd"
    assert row["attempts"] == 3
    assert row["body"] == b"body"
    assert row["history"]["headers"]["x-origin-queue"] == trial.queue


async def test_headers_that_a_row_cannot_hold_are_made_storable(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    headers: dict[str, Any] = {
        "nul": "a\x00b",
        "bytes": bytearray(b"\xff\x00"),
        "time": datetime(2026, 1, 1, tzinfo=UTC),
        "list": [1, {"x": "\x00"}],
        "x-attempt": "many",
    }
    item = Message(b"\x00\xff", message_id="no uuid", type="t\x00", headers=headers)
    async with doing(draining(trial, engine).run()):
        await park(publisher, trial.queue, item, "why")
        await eventually(lambda: dead(engine))
    (row,) = await dead(engine)
    assert row["body"] == b"\x00\xff"
    assert row["message_id"] is None
    assert row["attempts"] == 0
    assert row["history"]["headers"]["nul"] == "a\ufffdb"


async def test_with_the_database_away_dead_letters_wait_in_their_queue(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with through_proxy(trial_database.url) as proxy:
        far = open_engine(proxy.url, name="tests")
        await proxy.cut()
        async with doing(draining(trial, far).run()):
            await park(publisher, trial.queue, message(b"x", message_id=uuid4(), topic="t"), "why")
            await asyncio.sleep(0.4)
            assert await dead(engine) == []
            await proxy.heal()
            await eventually(lambda: dead(engine))
        await far.dispose()
    assert len(await dead(engine)) == 1


async def test_a_message_that_crashes_its_consumers_ends_in_the_dead_letters(
    trial: Trial, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "DELIVERY_LIMIT", 2)
    assert declare.work_arguments("q")["x-delivery-limit"] == 2
    async with Publisher(trial.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        await trial.say(publisher, "crash")
        while taken := await trial.get():
            await taken.reject(requeue=True)
        async with doing(draining(trial, engine).run()):
            await eventually(lambda: dead(engine))
    (row,) = await dead(engine)
    assert row["queue"] == trial.queue
    assert row["reason"] == "delivery_limit"
    assert row["topic"] == trial.contract.topic


async def test_what_fails_after_all_delays_ends_in_the_table_with_its_history(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    async def refuse(_: Sequence[bytes]) -> None:
        raise ValueError("not this one")

    subscriber = BatchSubscriber(
        trial.url, trial.queue, publisher, decode=bytes, handle=refuse, suspects=trial.suspects
    )
    async with doing(subscriber.run(), draining(trial, engine).run()):
        await trial.say(publisher, "poison")
        await eventually(lambda: dead(engine))
    (row,) = await dead(engine)
    assert (row["queue"], row["topic"]) == (trial.queue, trial.contract.topic)
    assert row["reason"].startswith("ValueError at ")
    assert row["attempts"] == len(topology.DELAYS)
    assert b'"text":"poison"' in row["body"]
    assert row["died_at"] is not None


async def test_the_drain_goes_on_after_the_connection_was_cut(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    async with through_proxy(trial.url) as proxy:
        drain = DeadLetterDrain(proxy.url, unit=trial.unit, engine=engine, table=DEAD_LETTERS)
        async with doing(drain.run()):
            await park(publisher, trial.queue, message(b"1", message_id=uuid4(), topic="t"), "why")
            await eventually(lambda: dead(engine))
            await proxy.cut()
            await park(publisher, trial.queue, message(b"2", message_id=uuid4(), topic="t"), "why")
            await proxy.heal()
            await eventually(lambda: _rows(engine, 2))
    assert {row["body"] for row in await dead(engine)} == {b"1", b"2"}


async def _empty(trial: Trial) -> bool:
    return not await trial.count(topology.dead_queue(trial.unit))


async def _rows(engine: AsyncEngine, count: int) -> bool:
    return len(await dead(engine)) == count
