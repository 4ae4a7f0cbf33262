"""The fixtures that all tests stand on: databases, virtual hosts, keys and units in this process."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from services.staff.service import SERVICE as STAFF
from shared.runtime.declaration import Unit
from tests.booting import Boot
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.servers import NewVhost

Fresh = Callable[[Unit], Awaitable[TestDatabase]]


async def test_each_call_gives_another_migrated_database(database: Fresh) -> None:
    first, second = await database(STAFF), await database(STAFF)
    assert first.url != second.url
    for address in (first.url, second.url):
        connection = await asyncpg.connect(address)
        assert await connection.fetchval("select count(*) from employees") == 0
        await connection.close()


async def test_the_role_that_runs_cannot_change_tables(database: Fresh) -> None:
    made = await database(STAFF)
    connection = await asyncpg.connect(made.url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("alter table employees add column x int")
    await connection.close()


async def test_each_virtual_host_is_another_one(fresh_vhost: NewVhost, amqp_url: str) -> None:
    assert len({amqp_url, await fresh_vhost(), await fresh_vhost()}) == 3


async def test_a_unit_runs_in_this_process(boot: Boot, database: Fresh, keys: TestKeys) -> None:
    settings = {"VORONKA_ADMIN_PASSWORD": "a long password of a test"}
    async with (
        boot(STAFF, database=await database(STAFF), settings=settings) as staff,
        httpx2.AsyncClient(base_url=staff.url) as client,
    ):
        ready = await client.get("/readyz")
        assert ready.status_code == 200
        asking = keys.employee(uuid4(), grants={"employees.read": "all"})
        found = await client.get("/api/v1/employees", headers=asking)
        assert found.status_code == 200
