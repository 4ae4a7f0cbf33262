"""A message that ends the process that opens it is moved aside unopened, and its neighbours do not go with it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import topology
from shared.messaging.publisher import Publisher
from shared.messaging.retries import REASON
from tests.databases import TestDatabase
from tests.shared.messaging.mortal import DEADLY
from tests.shared.messaging.trial import SUSPECTS, Trial, stored
from tests.shared.waiting import eventually

DEADLY_ONES = 3
NEIGHBOURS = 250


@asynccontextmanager
async def mortal_worker(trial: Trial, database: TestDatabase) -> AsyncIterator[list[int]]:
    """Run the worker beside the block, anew whenever it ends; yield its exit codes so far."""
    codes: list[int] = []
    arguments = [trial.url, trial.queue, trial.contract.topic, database.url]

    async def supervise() -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.shared.messaging.mortal", *arguments
            )
            try:
                codes.append(await process.wait())
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    running = asyncio.create_task(supervise())
    try:
        yield codes
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.feature("B01")
async def test_what_ends_the_process_is_parked_unopened_and_its_neighbours_are_handled(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, trial_database: TestDatabase
) -> None:
    texts = [str(number) for number in range(NEIGHBOURS)]
    for place in range(DEADLY_ONES):
        texts.insert(place * 40 + 5, f"{DEADLY} {place}")
    await trial.say(publisher, *texts)
    dead = topology.dead_queue(trial.unit)
    async with mortal_worker(trial, trial_database) as codes:
        await eventually(lambda: _all_settled(trial, engine), within_s=60)
    assert await trial.count(dead) == DEADLY_ONES
    for _ in range(DEADLY_ONES):
        found = await trial.take(dead)
        assert found is not None
        assert DEADLY.encode() in found.body
        assert found.headers[REASON] == "opened 3 times, and each time the process ended"
    assert sorted(set(await stored(engine)), key=int) == [str(number) for number in range(NEIGHBOURS)]
    assert set(codes) == {9}
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(SUSPECTS)) == 0


async def _all_settled(trial: Trial, engine: AsyncEngine) -> bool:
    dead = await trial.count(topology.dead_queue(trial.unit))
    return dead == DEADLY_ONES and len(set(await stored(engine))) == NEIGHBOURS and not await trial.count()
