"""Fixtures that all tests share; tests/servers.py says what each of them gives."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from shared.runtime.declaration import Unit
from tests import booting
from tests.brokers import NewVhost
from tests.databases import TestDatabase, TestDatabases
from tests.keys import TestKeys
from tests.servers import Servers, running_servers


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    """PostgreSQL and RabbitMQ, found or started once."""
    async with running_servers() as found:
        yield found


@pytest.fixture(scope="session")
def postgres_url(servers: Servers) -> str:
    """Return the address of a PostgreSQL superuser."""
    return servers.postgres_url


@pytest.fixture(scope="session")
def fresh_vhost(servers: Servers) -> NewVhost:
    """Return the function that gives the address of a virtual host of one's own."""
    return servers.new_vhost


@pytest.fixture(scope="session")
async def amqp_url(fresh_vhost: NewVhost) -> str:
    """Return the address of the session's virtual host."""
    return await fresh_vhost()


@pytest.fixture(scope="session")
async def databases(postgres_url: str) -> AsyncIterator[TestDatabases]:
    """Templates and copies of this session."""
    made = TestDatabases(postgres_url)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def database(databases: TestDatabases) -> AsyncIterator[Callable[[Unit], Awaitable[TestDatabase]]]:
    """Return the function that gives a fresh migrated database; all of them end with the module."""
    made: list[TestDatabase] = []

    async def fresh(unit: Unit) -> TestDatabase:
        made.append(await databases.fresh(unit))
        return made[-1]

    yield fresh
    for item in made:
        await databases.drop(item.name)


@pytest.fixture(scope="session")
def keys() -> TestKeys:
    """Signing keys of all units."""
    return TestKeys()


@pytest.fixture(scope="session")
def boot(amqp_url: str, keys: TestKeys, tmp_path_factory: pytest.TempPathFactory) -> booting.Boot:
    """Return the function that runs a unit in this process."""
    files: Path = tmp_path_factory.mktemp("files")
    given = amqp_url

    def run(
        unit: Unit,
        *,
        database: TestDatabase | None = None,
        amqp_url: str = "",
        process: str = "all",
        settings: Mapping[str, str] | None = None,
    ) -> AbstractAsyncContextManager[booting.Running]:
        environment = booting.environment_of(
            unit, keys, amqp_url=amqp_url or given, files=files, database=database
        )
        return booting.running(unit, {**environment, **(settings or {})}, process)

    return run
