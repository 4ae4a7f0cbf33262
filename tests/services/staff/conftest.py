"""Staff, running on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from services.staff.service import SERVICE
from shared.runtime.declaration import Unit
from tests.booting import Boot
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.services.asking import Asked
from tests.services.staff.people import ADMIN_PASSWORD


@pytest.fixture(scope="module")
async def staff(
    boot: Boot, database: Callable[[Unit], Awaitable[TestDatabase]], keys: TestKeys
) -> AsyncIterator[Asked]:
    """Yield staff with its administrator; its events stay in the outbox."""
    found = await database(SERVICE)
    settings = {"VORONKA_ADMIN_PASSWORD": ADMIN_PASSWORD}
    async with (
        boot(SERVICE, database=found, process="api", settings=settings) as running,
        httpx2.AsyncClient(base_url=running.url, timeout=10) as client,
    ):
        yield Asked(running, client, keys, found.url)
