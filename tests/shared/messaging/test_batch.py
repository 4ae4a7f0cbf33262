"""The batch subscriber: what has arrived is one batch, acknowledged after the commit; a culprit harms nobody else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import orjson
import pytest
from aio_pika.abc import AbstractConnection
from aiormq.exceptions import ChannelNotFoundEntity
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import topology
from shared.messaging.batch import BatchSubscriber
from shared.messaging.connection import consume
from shared.messaging.publisher import Publisher, message
from shared.messaging.retries import ATTEMPT, REASON
from tests.shared.messaging.proxy import through_proxy
from tests.shared.messaging.trial import Trial, doing, listening, store, stored
from tests.shared.waiting import eventually

Handle = Callable[[Sequence[str]], Awaitable[None]]


def decode(body: bytes) -> str:
    """Return the text of a message; ValueError when it holds none."""
    try:
        return str(orjson.loads(body)["data"]["text"])
    except (KeyError, TypeError) as error:
        raise ValueError("no text") from error


@asynccontextmanager
async def batching(
    trial: Trial, publisher: Publisher, handle: Handle, *, size: int = 100, url: str = ""
) -> AsyncIterator[None]:
    """Consume the trial's queue in batches beside the block."""
    subscriber = BatchSubscriber(
        url or trial.url,
        trial.queue,
        publisher,
        decode=decode,
        handle=handle,
        suspects=trial.suspects,
        size=size,
    )
    async with doing(subscriber.run()):
        yield


class Batches:
    """A handler that remembers what it was given and fails as it is told."""

    def __init__(self, *bad: str) -> None:
        self.seen: list[list[str]] = []
        self.done: list[str] = []
        self._bad = set(bad)

    async def __call__(self, texts: Sequence[str]) -> None:
        """Take a batch, all or nothing."""
        self.seen.append(list(texts))
        if self._bad & set(texts):
            raise ValueError("a bad one")
        self.done += texts


async def test_what_has_arrived_is_one_batch_and_never_more_than_the_size(
    trial: Trial, publisher: Publisher
) -> None:
    await trial.say(publisher, *(str(number) for number in range(25)))
    gate, handler = asyncio.Event(), Batches()

    async def handle(texts: Sequence[str]) -> None:
        await gate.wait()
        await handler(texts)

    async with batching(trial, publisher, handle, size=10):
        await asyncio.sleep(0.2)
        gate.set()
        await eventually(lambda: len(handler.done) == 25)
    assert handler.done == [str(number) for number in range(25)]
    assert max(map(len, handler.seen)) == 10
    assert len(handler.seen) < 25


async def test_a_single_message_does_not_wait_for_others(trial: Trial, publisher: Publisher) -> None:
    handler = Batches()
    async with batching(trial, publisher, handler):
        await trial.say(publisher, "alone")
        await eventually(lambda: handler.seen, within_s=2)
    assert handler.seen == [["alone"]]


async def test_messages_are_acknowledged_only_after_the_handler_has_committed(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    entered = asyncio.Event()

    async def hang(_: Sequence[str]) -> None:
        entered.set()
        await asyncio.Event().wait()

    async def commit(texts: Sequence[str]) -> None:
        async with engine.begin() as connection:
            await store(connection, texts)

    await trial.say(publisher, "a", "b")
    async with batching(trial, publisher, hang):
        await entered.wait()
    assert await eventually(trial.count) == 2
    async with batching(trial, publisher, commit):
        await eventually(lambda: stored(engine))
        await eventually(lambda: _empty(trial))
    assert await stored(engine) == ["a", "b"]


@pytest.mark.parametrize("place", [0, 7, 18])
async def test_halving_finds_the_culprit_and_handles_its_neighbours_once(
    trial: Trial, publisher: Publisher, place: int
) -> None:
    texts = [str(number) for number in range(19)]
    handler = Batches(texts[place])
    await trial.say(publisher, *texts)
    async with batching(trial, publisher, handler):
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    assert handler.done == [text for text in texts if text != texts[place]]
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert decode(found.body) == texts[place]
    assert found.headers[ATTEMPT] == len(topology.DELAYS)
    assert str(found.headers[REASON]).startswith("ValueError at ")
    assert [texts[place]] in handler.seen


async def test_a_culprit_that_recovers_is_handled_after_its_delay(trial: Trial, publisher: Publisher) -> None:
    handler, tries = Batches(), 0

    async def handle(texts: Sequence[str]) -> None:
        nonlocal tries
        if "slow" in texts:
            tries += 1
            if tries < 3:
                raise ValueError("not yet")
        await handler(texts)

    async with batching(trial, publisher, handle):
        await trial.say(publisher, "slow")
        await eventually(lambda: handler.done)
    assert tries == 3
    assert await trial.count(topology.dead_queue(trial.unit)) == 0


async def test_what_cannot_be_read_is_parked_at_once_and_its_neighbours_are_handled(
    trial: Trial, publisher: Publisher
) -> None:
    await trial.say(publisher, "before")
    garbage = message(b"\x00 garbage", message_id=uuid4(), topic=trial.contract.topic)
    await publisher.send(garbage, exchange=topology.EVENTS, routing_key=trial.contract.topic, mandatory=True)
    await trial.say(publisher, "after")
    handler = Batches()
    async with batching(trial, publisher, handler):
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
        await eventually(lambda: len(handler.done) == 2)
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert found.body == b"\x00 garbage"
    assert ATTEMPT not in found.headers


async def test_with_the_database_away_the_same_batch_waits_and_goes_on(
    trial: Trial, publisher: Publisher
) -> None:
    handler, away = Batches(), 3

    async def handle(texts: Sequence[str]) -> None:
        nonlocal away
        if away:
            away -= 1
            raise ConnectionRefusedError
        await handler(texts)

    await trial.say(publisher, "a", "b")
    async with batching(trial, publisher, handle):
        await eventually(lambda: handler.done)
        await eventually(lambda: _empty(trial))
    assert handler.done == ["a", "b"]
    assert await trial.count(topology.dead_queue(trial.unit)) == 0


async def test_messages_that_came_back_twice_are_handled_one_at_a_time(
    trial: Trial, publisher: Publisher
) -> None:
    await trial.say(publisher, *"abcd")
    for _ in range(2):
        taken = [await eventually(trial.get) for _ in range(4)]
        for item in taken:
            assert item is not None
            await item.reject(requeue=True)
    handler = Batches()
    async with batching(trial, publisher, handler):
        await eventually(lambda: len(handler.done) == 4)
        await trial.say(publisher, "new")
        await eventually(lambda: "new" in handler.done)
    assert sorted(handler.seen[:4]) == [["a"], ["b"], ["c"], ["d"]]


async def test_consuming_goes_on_after_the_connection_was_cut(trial: Trial, publisher: Publisher) -> None:
    handler = Batches()
    async with through_proxy(trial.url) as proxy, batching(trial, publisher, handler, url=proxy.url):
        await trial.say(publisher, "one")
        await eventually(lambda: handler.done)
        await proxy.cut()
        await trial.say(publisher, "two")
        await proxy.heal()
        await eventually(lambda: "two" in handler.done)
    assert handler.done[0] == "one"


async def test_a_batch_whose_acknowledgement_was_lost_comes_again(trial: Trial, publisher: Publisher) -> None:
    handler, first = Batches(), asyncio.Event()
    async with through_proxy(trial.url) as proxy:

        async def handle(texts: Sequence[str]) -> None:
            await handler(texts)
            if not first.is_set():
                first.set()
                await proxy.cut()
                await asyncio.sleep(0.05)

        await trial.say(publisher, "twice")
        async with batching(trial, publisher, handle, url=proxy.url):
            await first.wait()
            await proxy.heal()
            await eventually(lambda: len(handler.done) == 2)
            await eventually(lambda: _empty(trial))
    assert handler.done == ["twice", "twice"]


async def test_consuming_goes_on_after_the_queue_was_deleted(trial: Trial, publisher: Publisher) -> None:
    handler = Batches()
    async with batching(trial, publisher, handler):
        await trial.say(publisher, "one")
        await eventually(lambda: handler.done)
        await trial.channel.queue_delete(trial.queue)
        await eventually(lambda: _consumed(trial))  # it was declared again on the way
        await trial.say(publisher, "two")
        await eventually(lambda: "two" in handler.done)
    assert handler.done == ["one", "two"]


async def test_a_consumer_that_the_broker_ends_closes_its_channel(
    trial: Trial, publisher: Publisher, looking: AbstractConnection
) -> None:
    del publisher  # it has declared the topology

    async def ignore(_: object) -> None:
        """Take nothing."""

    channel = await consume(looking, trial.queue, ignore, prefetch=1)
    await trial.channel.queue_delete(trial.queue)
    await asyncio.wait_for(channel.closed(), 5)
    assert channel.is_closed


async def _empty(trial: Trial) -> bool:
    return not await trial.count()


async def _consumed(trial: Trial) -> bool:
    async with listening(trial.url) as channel:
        try:
            queue = await channel.declare_queue(trial.queue, passive=True)
        except ChannelNotFoundEntity:
            return False
        return bool(queue.declaration_result.consumer_count)
