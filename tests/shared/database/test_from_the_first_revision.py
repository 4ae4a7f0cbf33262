"""Installations at the first revisions come to the newest ones: every row is there, the shape is the declared one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from services.channels.service import SERVICE as CHANNELS
from services.contacts.service import SERVICE as CONTACTS
from services.leads.service import SERVICE as LEADS
from services.staff.service import SERVICE as STAFF
from shared.database.migrations import migrate
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase
from tests.shared.database import old_rows

UNITS = {unit.name: unit for unit in (STAFF, CHANNELS, CONTACTS, LEADS)}
Empty = Callable[[Unit], Awaitable[TestDatabase]]


async def bring(unit: Unit, found: TestDatabase, to: str = "head") -> None:
    """Migrate the unit's database to a revision."""
    assert unit.database is not None
    await migrate(found.owner_url, unit.database.versions, unit.database.metadata, to=to)


@asynccontextmanager
async def running(found: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the role that runs."""
    connection = await asyncpg.connect(found.url)
    try:
        yield connection
    finally:
        await connection.close()


async def declared(unit: Unit, found: TestDatabase) -> None:
    """Make the tables as the code declares them."""
    assert unit.database is not None
    engine = create_async_engine(found.owner_url.replace("postgresql:", "postgresql+asyncpg:", 1))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("create extension if not exists pg_trgm")
        await connection.run_sync(unit.database.metadata.create_all)
    await engine.dispose()


@pytest.mark.parametrize("name", UNITS)
async def test_dead_letters_stay_and_the_shape_is_the_declared_one(empty: Empty, name: str) -> None:
    old, new = await empty(UNITS[name]), await empty(UNITS[name])
    await bring(UNITS[name], old, "0001")
    async with running(old) as connection:
        await connection.execute(old_rows.DEAD_LETTERS)
    await bring(UNITS[name], old)
    await declared(UNITS[name], new)
    assert await old_rows.shape(old.url) == await old_rows.shape(new.url)
    async with running(old) as connection:
        rows = await connection.fetch("select * from dead_letters order by body")
        whole = "select count(*) from dead_letters where history ?& '{headers,deaths,content_type,acts}'"
        assert await connection.fetchval(whole) == len(rows)
        await connection.execute("update dead_letters set dropped_at = now()")
        assert (
            await connection.fetchval("select history->'headers'->>'x-a' from dead_letters order by body")
            == "1"
        )
    assert [(row["queue"], row["reason"], row["body"]) for row in rows] == [
        ("u.q", "no sense", b"one"),
        ("u.q", "torn", b"two"),
    ]
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["replayed_at"] or row["dropped_at"] for row in rows} == {None}


@pytest.mark.feature("B09")
async def test_points_are_folded_and_a_contact_has_each_once(empty: Empty) -> None:
    found = await empty(CONTACTS)
    await bring(CONTACTS, found, "0001")
    async with running(found) as connection:
        await old_rows.fill_contacts(connection)
    await bring(CONTACTS, found)
    async with running(found) as connection:
        rows = await connection.fetch("select id, kind, key from points order by position")
        valid = "select convalidated from pg_constraint where conname = 'ck_points_canonical'"
        assert await connection.fetchval(valid)
    assert {(row["kind"], row["key"]) for row in rows} == old_rows.FOLDED
    assert len(rows) == len(old_rows.FOLDED)
    assert str(rows[0]["id"]) == old_rows.POINT


async def test_a_point_that_nobody_can_read_stays_and_the_check_holds_for_the_next(empty: Empty) -> None:
    found = await empty(CONTACTS)
    await bring(CONTACTS, found, "0001")
    async with running(found) as connection:
        await old_rows.fill_contacts(connection, old_rows.UNREADABLE)
    await bring(CONTACTS, found)
    async with running(found) as connection:
        keys = {(row["kind"], row["key"]) for row in await connection.fetch("select kind, key from points")}
        assert keys == {*old_rows.FOLDED, old_rows.UNREADABLE}
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("update points set key = '89210000001' where key = '79210000001'")


@pytest.mark.feature("B09")
async def test_identities_keep_their_leads_under_canonical_keys(empty: Empty) -> None:
    found = await empty(LEADS)
    await bring(LEADS, found, "0001")
    async with running(found) as connection:
        await old_rows.fill_leads(connection)
    await bring(LEADS, found)
    async with running(found) as connection:
        rows = await connection.fetch("select kind, value, open_lead_id::text, spam from identities")
        keys = await connection.fetchval("select keys from leads where id = $1", old_rows.LEAD)
        points = await connection.fetch("select kind, value, shared from known_points")
    held = {(row["kind"], row["value"]): (row["open_lead_id"], row["spam"]) for row in rows}
    assert held == {
        **dict.fromkeys(old_rows.FOLDED, (old_rows.LEAD, False)),
        ("email", "a-b@yandex.ru"): (old_rows.LEAD, True),
        ("contact", old_rows.CONTACT): (None, False),
        ("phone", "79210000009"): (old_rows.OTHER, True),
    }
    assert keys[:3] == ["phone:79210000001", "phone:79210000002", "email:a-b@yandex.ru"]
    assert sorted(keys) == sorted(f"{kind}:{key}" for kind, key in old_rows.FOLDED)
    assert {(row["kind"], row["value"]) for row in points} == old_rows.FOLDED
    assert [row["value"] for row in points if row["shared"]] == ["a-b@yandex.ru"]


async def test_raw_inquiries_stay_and_the_new_tables_are_open_to_the_running_role(empty: Empty) -> None:
    found = await empty(LEADS)
    await bring(LEADS, found, "0001")
    async with running(found) as connection:
        await old_rows.fill_leads(connection)
    await bring(LEADS, found)
    async with running(found) as connection:
        kept = {str(row[0]) for row in await connection.fetch("select inquiry_id from raw_inquiries")}
        assert kept == {old_rows.INQUIRY, old_rows.ASTRAY}
        await connection.execute("select make_raw_partitions(6)")
        for table in ("suspects", "quarantined", "spam_keys", "conflicts", "dead_letters"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0  # noqa: S608 - our own names
        await connection.execute("insert into suspects (message_id) values ('1')")
        options = "select reloptions from pg_class where relname = 'identities'"
        assert await connection.fetchval(options) == ["fillfactor=50"]
