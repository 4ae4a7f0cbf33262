"""Two batches at once under a backlog: never a third, and acknowledged in their order."""

import asyncio
from collections.abc import Sequence

from shared.messaging.publisher import Publisher
from tests.shared.messaging.test_batch import batching
from tests.shared.messaging.trial import Trial
from tests.shared.waiting import eventually


async def test_under_a_backlog_a_second_batch_begins_before_the_first_is_done_and_no_third(
    trial: Trial, publisher: Publisher
) -> None:
    await trial.say(publisher, *(str(number) for number in range(40)))
    begun: list[list[str]] = []
    gates = [asyncio.Event() for _ in range(10)]

    async def handle(texts: Sequence[str]) -> None:
        gate = gates[len(begun)]
        begun.append(list(texts))
        await gate.wait()

    async with batching(trial, publisher, handle, size=10):
        await eventually(lambda: len(begun) == 2)
        await asyncio.sleep(0.2)
        assert len(begun) == 2
        gates[0].set()
        await eventually(lambda: len(begun) == 3)
        for gate in gates:
            gate.set()
        await eventually(lambda: sum(map(len, begun)) == 40)
        await eventually(lambda: _holds(trial, 0))


async def test_what_a_later_batch_acknowledges_does_not_speak_for_an_earlier_one(
    trial: Trial, publisher: Publisher
) -> None:
    await trial.say(publisher, *(str(number) for number in range(20)))
    begun: list[list[str]] = []

    async def hang_first(texts: Sequence[str]) -> None:
        begun.append(list(texts))
        if len(begun) == 1:
            await asyncio.Event().wait()

    async with batching(trial, publisher, hang_first, size=10):
        await eventually(lambda: len(begun) == 2)
        await asyncio.sleep(0.2)
    assert await eventually(lambda: _holds(trial, 20))


async def _holds(trial: Trial, count: int) -> bool:
    return await trial.count() == count
