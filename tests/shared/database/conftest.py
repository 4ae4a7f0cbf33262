"""Databases that stand where an installation may stand: empty, or at a revision of the past."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from deploy import databases
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase

Empty = Callable[[Unit], Awaitable[TestDatabase]]


@pytest.fixture
async def empty(postgres_url: str) -> AsyncIterator[Empty]:
    """Return the function that gives a database with its two roles and no tables; all of them end with the test."""
    passwords: dict[str, str] = {}
    made: list[str] = []

    async def new(unit: Unit) -> TestDatabase:
        item = databases.of_service(unit.name, passwords, prefix=f"test_{secrets.token_hex(4)}_")
        await databases.provision(postgres_url, [item])
        made.append(item.name)
        return TestDatabase(item.name, item.url(postgres_url), item.owner_url(postgres_url))

    yield new
    connection = await asyncpg.connect(postgres_url, timeout=10)
    try:
        for name in made:
            await connection.execute(f'drop database if exists "{name}" with (force)')
        for role in passwords:
            await connection.execute(f'drop role if exists "{role}"')
    finally:
        await connection.close()
