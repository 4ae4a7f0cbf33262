"""The watchdog ends a process whose queue has had no consumer for a while."""

import asyncio

import pytest
from aio_pika.abc import AbstractConnection

from shared.messaging import watchdog
from shared.messaging.connection import consume
from shared.messaging.publisher import Publisher
from shared.messaging.watchdog import ConsumerLostError, Watchdog
from tests.shared.messaging.trial import Trial


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look every few milliseconds."""
    monkeypatch.setattr(watchdog, "_EVERY_S", 0.02)


async def test_a_queue_without_a_consumer_raises_after_three_looks(
    trial: Trial, publisher: Publisher
) -> None:
    del publisher  # it has declared the topology
    looks = 0

    class Counting(Watchdog):
        async def _look(self) -> dict[str, int]:
            nonlocal looks
            looks += 1
            return await super()._look()

    with pytest.raises(ConsumerLostError, match=trial.queue):
        await asyncio.wait_for(Counting(trial.url, [trial.queue], unit=trial.unit).run(), 5)
    assert looks == 3


async def test_a_deleted_queue_counts_as_one_without_a_consumer(trial: Trial) -> None:
    with pytest.raises(ConsumerLostError, match="gone"):
        await asyncio.wait_for(Watchdog(trial.url, ["gone.work"], unit="gone").run(), 5)


async def test_with_a_consumer_it_watches_on(
    trial: Trial, publisher: Publisher, looking: AbstractConnection
) -> None:
    del publisher

    async def ignore(_: object) -> None:
        """Take nothing."""

    channel = await consume(looking, trial.queue, ignore, prefetch=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Watchdog(trial.url, [trial.queue], unit=trial.unit).run(), 0.5)
    await channel.close()


async def test_a_broker_that_is_away_is_no_reason_to_end() -> None:
    dog = Watchdog("amqp://guest:guest@127.0.0.1:1/", ["a.work"], unit="a")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(dog.run(), 0.3)
    assert dog._missing == {}
