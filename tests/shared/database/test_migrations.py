"""Migrations: tables and revisions agree, several may migrate at once, the running role owns nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from services.channels.service import SERVICE as CHANNELS
from services.contacts.service import SERVICE as CONTACTS
from services.leads.service import SERVICE as LEADS
from services.staff.service import SERVICE as STAFF
from shared.database.migrations import check, migrate
from shared.runtime.declaration import Database, Unit
from tests.databases import TestDatabase

UNITS = {unit.name: unit for unit in (STAFF, CHANNELS, CONTACTS, LEADS)}
Fresh = Callable[[Unit], Awaitable[TestDatabase]]


def database_of(unit: Unit) -> Database:
    """Return the declared database of a unit."""
    assert unit.database is not None
    return unit.database


@pytest.mark.parametrize("name", UNITS)
async def test_tables_in_code_and_migrations_agree(database: Fresh, name: str) -> None:
    declared = database_of(UNITS[name])
    found = await database(UNITS[name])
    await check(found.owner_url, declared.versions, declared.metadata)
    names = await _rows(found.url, "select tablename from pg_tables where schemaname = 'public'")
    assert set(declared.metadata.tables) <= set(names)


@pytest.mark.parametrize("name", UNITS)
async def test_migrating_again_and_at_once_changes_nothing(database: Fresh, name: str) -> None:
    declared = database_of(UNITS[name])
    found = await database(UNITS[name])
    await asyncio.gather(*(migrate(found.owner_url, declared.versions, declared.metadata) for _ in range(3)))
    versions = await _rows(found.url, "select version_num from alembic_version")
    assert len(versions) == 1


@pytest.mark.parametrize("name", UNITS)
async def test_the_running_role_can_work_and_cannot_change_the_tables(database: Fresh, name: str) -> None:
    found = await database(UNITS[name])
    connection = await asyncpg.connect(found.url)
    try:
        await connection.execute("delete from inbox")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table inbox add column mine text")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("drop table inbox")
    finally:
        await connection.close()


@pytest.mark.parametrize("name", UNITS)
def test_a_revision_carries_its_number_and_its_moment(name: str) -> None:
    files = sorted(database_of(UNITS[name]).versions.glob("*.py"))
    assert files
    for place, file in enumerate(files, start=1):
        assert re.fullmatch(rf"{place:04}_(pre|post)_[a-z_]+\.py", file.name)


async def _rows(url: str, statement: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(statement)]
    finally:
        await connection.close()
