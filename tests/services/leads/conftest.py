"""Leads over its own fresh database and a virtual host that nobody else uses."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.leads.service import SERVICE
from shared.runtime.declaration import Unit
from tests.booting import Boot
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.services.leads.desk import Desk, at_desk


@pytest.fixture(scope="module")
async def desk(
    database: Callable[[Unit], Awaitable[TestDatabase]], boot: Boot, keys: TestKeys, fresh_vhost: NewVhost
) -> AsyncIterator[Desk]:
    """Yield a running leads unit with a company around it."""
    amqp_url = await fresh_vhost()
    async with (
        boot(SERVICE, database=await database(SERVICE), amqp_url=amqp_url) as running,
        at_desk(running, keys, amqp_url) as found,
    ):
        yield found
