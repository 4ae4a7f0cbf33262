"""Raw bytes lie in partitions by month, made ahead of their time by the worker's timer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.leads.adapters.partitions import make_partitions
from services.leads.adapters.tables import raw_inquiries
from services.leads.entrypoints import timers
from services.leads.service import SERVICE
from shared.database.engine import open_engine
from shared.messaging import relay
from shared.runtime.declaration import Resources, Unit
from tests.databases import TestDatabase
from tests.shared.waiting import eventually

NOW = datetime.now(UTC)


@pytest.fixture
async def engine(database: Callable[[Unit], Awaitable[TestDatabase]]) -> AsyncIterator[AsyncEngine]:
    """Yield the engine of the running role over a fresh database."""
    found = open_engine((await database(SERVICE)).url, name="tests")
    yield found
    await found.dispose()


def month(ahead: int) -> datetime:
    """Return the middle of a month."""
    year, number = divmod(NOW.year * 12 + NOW.month - 1 + ahead, 12)
    return datetime(year, number + 1, 15, tzinfo=UTC)


async def partitions(engine: AsyncEngine) -> set[str]:
    """Return the names of the partitions by month."""
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'raw_inquiries'::regclass"
        )
        return {str(name) for name in found.scalars()} - {"raw_inquiries_default"}


async def keep(engine: AsyncEngine, at: datetime) -> str:
    """Store raw bytes received then and return the partition in which they lie."""
    values = {"inquiry_id": uuid4(), "received_at": at, "content_type": "", "body": {"text": "a"}}
    async with engine.begin() as connection:
        await connection.execute(raw_inquiries.insert().values(**values))
    return await place_of(engine, at)


async def place_of(engine: AsyncEngine, at: datetime) -> str:
    """Return the partition in which bytes received then lie."""
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(
            f"select tableoid::regclass::text from raw_inquiries where received_at = '{at.isoformat()}'"  # noqa: S608 - a time made here
        )
        return str(found.scalar_one())


@pytest.mark.feature("B04")
async def test_raw_bytes_lie_in_the_partition_of_their_month(engine: AsyncEngine) -> None:
    names = {f"raw_inquiries_{month(ahead):%Y%m}" for ahead in range(-1, 4)}
    assert await partitions(engine) == names
    for ahead in (-1, 0, 3):
        at = month(ahead)
        assert await keep(engine, at) == f"raw_inquiries_{at:%Y%m}"


async def test_the_timer_makes_the_months_to_come(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "_MONTHS_AHEAD", 5)
    job = asyncio.create_task(
        timers.keep_partitions(cast("Any", SimpleNamespace(engine=engine)), cast("Resources", None))
    )

    async def made() -> bool:
        return {f"raw_inquiries_{month(ahead):%Y%m}" for ahead in (4, 5)} <= await partitions(engine)

    assert await eventually(made)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


async def test_several_workers_may_make_them_at_once_and_again(engine: AsyncEngine) -> None:
    await asyncio.gather(*(make_partitions(engine, months_ahead=9) for _ in range(4)))
    await make_partitions(engine, months_ahead=9)
    assert len(await partitions(engine)) == 11


async def test_what_came_before_its_partition_moves_into_it(engine: AsyncEngine) -> None:
    at = month(6)
    assert await keep(engine, at) == "raw_inquiries_default"
    await make_partitions(engine, months_ahead=6)
    assert await place_of(engine, at) == f"raw_inquiries_{at:%Y%m}"


async def test_partitions_are_made_while_the_relay_holds_its_lock(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"select pg_advisory_lock({relay._LOCK})")
        async with asyncio.timeout(5):
            await make_partitions(engine, months_ahead=4)
    assert f"raw_inquiries_{month(4):%Y%m}" in await partitions(engine)
