"""Channels, running on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from services.channels.service import SERVICE
from shared.runtime.declaration import Unit
from tests.booting import Boot
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.services.asking import Asked


@pytest.fixture(scope="module")
async def channels(
    boot: Boot, database: Callable[[Unit], Awaitable[TestDatabase]], keys: TestKeys
) -> AsyncIterator[Asked]:
    """Yield channels; its events stay in the outbox."""
    found = await database(SERVICE)
    async with (
        boot(SERVICE, database=found, process="api") as running,
        httpx2.AsyncClient(base_url=running.url, timeout=10) as client,
    ):
        yield Asked(running, client, keys, found.url)
