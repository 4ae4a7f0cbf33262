"""Subscribers: one message, one transaction, the inbox, delays, dead letters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import open_engine
from shared.messaging import topology
from shared.messaging.publisher import Publisher, message
from shared.messaging.retries import ATTEMPT, REASON
from shared.messaging.subscribers import Delivery, Handler, Subscribers, Subscription
from shared.observability.tracing import new_traceparent, trace_id
from tests.databases import TestDatabase
from tests.shared.messaging.proxy import through_proxy
from tests.shared.messaging.trial import INBOX, Trial, Tried, doing, note, stored
from tests.shared.waiting import eventually


@asynccontextmanager
async def subscribed(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, handler: Handler = note, *, url: str = ""
) -> AsyncIterator[None]:
    """Consume the trial's queue beside the block."""
    subscribers = Subscribers(
        url or trial.url,
        publisher,
        unit=trial.unit,
        engine=engine,
        inbox=INBOX,
        app="the application",
        subscriptions=[Subscription(trial.queue, ((trial.contract, handler),))],
    )
    async with doing(subscribers.run()):
        yield


async def texts(engine: AsyncEngine, count: int) -> list[str]:
    """Return what took effect once it is so many."""

    async def look() -> list[str]:
        found = await stored(engine)
        return found if len(found) >= count else []

    return await eventually(look)


async def test_a_repeated_message_has_its_effect_once(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    repeated = uuid4()
    async with subscribed(trial, publisher, engine):
        for _ in range(5):
            await publisher.publish(trial.contract(text="again"), message_id=repeated, mandatory=True)
        await trial.say(publisher, "other")
        await eventually(lambda: _drained(trial))
        found = await texts(engine, 2)
    assert sorted(found) == ["again", "other"]


async def test_a_handler_gets_contract_envelope_application_and_trace(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    seen: list[Any] = []

    async def look(delivery: Delivery[Tried]) -> None:
        seen.append((delivery.data.text, delivery.envelope.type, delivery.app, trace_id()))

    traceparent = new_traceparent()
    async with subscribed(trial, publisher, engine, look):
        await publisher.publish(
            trial.contract(text="x"), message_id=uuid4(), mandatory=True, traceparent=traceparent
        )
        await eventually(lambda: seen)
    assert seen == [("x", trial.contract.topic, "the application", traceparent[3:35])]


async def test_a_failure_leaves_no_effect_and_comes_back_after_the_delay(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    tries: list[str] = []

    async def fail_once(delivery: Delivery[Tried]) -> None:
        tries.append(delivery.data.text)
        await note(delivery)
        if len(tries) == 1:
            raise ValueError("not yet")

    async with subscribed(trial, publisher, engine, fail_once):
        await trial.say(publisher, "x")
        await eventually(lambda: len(tries) == 2)
        found = await texts(engine, 1)
    assert found == ["x"]


async def test_a_failing_message_does_not_hold_up_its_neighbours(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    async def refuse_bad(delivery: Delivery[Tried]) -> None:
        if delivery.data.text == "bad":
            raise ValueError("bad")
        await note(delivery)

    async with subscribed(trial, publisher, engine, refuse_bad):
        await trial.say(publisher, "bad", "good", "fine")
        found = await texts(engine, 2)
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    assert sorted(found) == ["fine", "good"]


async def test_after_all_delays_the_message_is_dead_with_its_attempts_and_reason(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    tries: list[int] = []

    async def refuse(_: Delivery[Tried]) -> None:
        tries.append(1)
        raise ValueError("never \x00 \ud800")

    async with subscribed(trial, publisher, engine, refuse):
        await trial.say(publisher, "x")
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert len(tries) == 1 + len(topology.DELAYS)
    assert found.headers[ATTEMPT] == len(topology.DELAYS)
    assert str(found.headers[REASON]).startswith("ValueError at ")
    assert b'"text":"x"' in found.body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"type": ["a"]}',
        b'{"type": "unknown.thing.v1", "data": {}}',
        b'{"type": "TOPIC", "specversion": "1.0", "data": {}}',
    ],
)
async def test_what_cannot_be_read_is_parked_at_once(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, body: bytes
) -> None:
    item = message(
        body.replace(b"TOPIC", trial.contract.topic.encode()), message_id=uuid4(), topic=trial.contract.topic
    )
    async with subscribed(trial, publisher, engine):
        await publisher.send(item, exchange=topology.EVENTS, routing_key=trial.contract.topic, mandatory=True)
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert str(found.headers[REASON]).startswith("unreadable")
    assert ATTEMPT not in found.headers


async def test_the_reason_of_an_unreadable_message_repeats_nothing_of_its_body(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    body = b'{"type": "%b", "data": {"text": {"phone": "+79214471863"}}}' % trial.contract.topic.encode()
    item = message(body, message_id=uuid4(), topic=trial.contract.topic)
    async with subscribed(trial, publisher, engine):
        await publisher.send(item, exchange=topology.EVENTS, routing_key=trial.contract.topic, mandatory=True)
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert "79214471863" not in str(found.headers[REASON])
    assert "data.text" in str(found.headers[REASON])


async def test_a_reader_ignores_fields_that_it_does_not_know(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    body = (
        b'{"specversion":"1.0","id":"%b","source":"s","type":"%b","time":"2026-01-01T00:00:00Z","more":[1],'
        b'"data":{"text":"new","later":{"a":1}}}'
    ) % (str(uuid4()).encode(), trial.contract.topic.encode())
    item = message(body, message_id=uuid4(), topic=trial.contract.topic)
    async with subscribed(trial, publisher, engine):
        await publisher.send(item, exchange=topology.EVENTS, routing_key=trial.contract.topic, mandatory=True)
        assert await texts(engine, 1) == ["new"]


async def test_with_the_database_away_messages_wait_and_use_up_no_attempt(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    async with through_proxy(trial_database.url) as proxy:
        far = open_engine(proxy.url, name="tests")
        async with subscribed(trial, publisher, far):
            await trial.say(publisher, "before")
            await texts(engine, 1)
            await proxy.cut()
            await trial.say(publisher, "while away", "too")
            await asyncio.sleep(0.7)
            assert await stored(engine) == ["before"]
            await proxy.heal()
            found = await texts(engine, 3)
        await far.dispose()
    assert sorted(found) == ["before", "too", "while away"]
    assert await trial.count(topology.dead_queue(trial.unit)) == 0


async def test_consuming_goes_on_after_the_connection_was_cut(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    async with through_proxy(trial.url) as proxy, subscribed(trial, publisher, engine, url=proxy.url):
        await trial.say(publisher, "one")
        await texts(engine, 1)
        await proxy.cut()
        await trial.say(publisher, "two")
        await proxy.heal()
        assert await texts(engine, 2) == ["one", "two"]


async def test_a_failed_message_is_kept_until_it_can_be_moved_aside(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    async def refuse(_: Delivery[Tried]) -> None:
        raise ValueError("no")

    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as far:
        await eventually(lambda: far.connected)
        async with subscribed(trial, far, engine, refuse):
            await proxy.cut()
            await trial.say(publisher, "x")
            await asyncio.sleep(0.5)
            assert await trial.count(topology.dead_queue(trial.unit)) == 0
            await proxy.heal()
            await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert found.headers[ATTEMPT] == len(topology.DELAYS)
    assert not found.headers.get("x-delivery-count")


async def test_two_handlers_at_once_leave_one_effect(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    repeated = uuid4()
    async with subscribed(trial, publisher, engine), subscribed(trial, publisher, engine):
        await asyncio.gather(
            *(
                publisher.publish(trial.contract(text="x"), message_id=repeated, mandatory=True)
                for _ in range(10)
            )
        )
        await eventually(lambda: _drained(trial))
    assert await stored(engine) == ["x"]


async def test_the_inbox_knows_messages_by_queue(trial_database: TestDatabase, engine: AsyncEngine) -> None:
    connection = await asyncpg.connect(trial_database.url)
    same = uuid4()
    try:
        for queue in ("a.b", "c.d"):
            await connection.execute("insert into inbox (queue, message_id) values ($1, $2)", queue, same)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("insert into inbox (queue, message_id) values ('a.b', $1)", same)
    finally:
        await connection.close()
    assert await stored(engine) == []


async def _drained(trial: Trial) -> bool:
    return not await trial.count()
