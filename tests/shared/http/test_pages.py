"""Lists: every row exactly once in order, whatever the data, the limit and the sort; wrong questions are 400."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, DateTime, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.channels.service import SERVICE
from shared.database.engine import new_metadata, open_engine
from shared.http.cursors import BadCursorError
from shared.http.pages import (
    BadParameterError,
    Listing,
    UnknownParameterError,
    as_bool,
    as_number,
    as_time,
    as_uuid,
    fetch,
    parse,
)
from shared.kernel.errors import InvalidError
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase

metadata = new_metadata()
things = Table(
    "things",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text),
    Column("number", BigInteger),
    Column("closed_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
SORTS = {name: things.c[name] for name in ("name", "title", "number", "closed_at", "updated_at")}
LISTING = Listing(
    table_id=things.c.id,
    sorts=SORTS,
    default_sort="name",
    filters={"name": things.c.name.in_},
    search=lambda q: things.c.name.icontains(q, autoescape=True),
    updated=things.c.updated_at,
)
BARE = Listing(table_id=things.c.id, sorts=SORTS, default_sort="name")
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
async def engine(database: Callable[[Unit], Awaitable[TestDatabase]]) -> AsyncIterator[AsyncEngine]:
    """Return the engine of a database with the table of things."""
    found = open_engine((await database(SERVICE)).owner_url, name="tests")
    async with found.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield found
    await found.dispose()


def asking(query: str = "") -> Request:
    """Return a request with this query."""
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


async def walk(connection: AsyncConnection, query: str, limit: int) -> list[UUID]:
    """Return the ids of all pages in turn."""
    found: list[UUID] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = parse(asking(f"{query}&limit={limit}" + (f"&cursor={cursor}" if cursor else "")), LISTING)
        rows, cursor = await fetch(connection, select(things), asked, LISTING)
        assert len(rows) <= limit
        assert rows or cursor is None
        found += [row["id"] for row in rows]
    return found


rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.uuids(),
            "name": st.sampled_from(["", "а", "б", "Б", "ё", "z"]),
            "title": st.none() | st.sampled_from(["", "x", "y"]),
            "number": st.none() | st.integers(-2, 2),
            "closed_at": st.none() | st.integers(0, 3).map(lambda step: NOON + timedelta(microseconds=step)),
            "updated_at": st.integers(0, 3).map(lambda step: NOON + timedelta(hours=step)),
        }
    ),
    max_size=25,
    unique_by=lambda row: row["id"],
)


@given(
    data=rows, limit=st.integers(1, 9), sort=st.sampled_from(sorted(SORTS)), sign=st.sampled_from(["", "-"])
)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
async def test_paging_gives_each_row_once_in_order(
    engine: AsyncEngine, data: Sequence[dict[str, Any]], limit: int, sort: str, sign: str
) -> None:
    column = SORTS[sort]
    order = (column.desc(), things.c.id.desc()) if sign else (column, things.c.id)
    async with engine.connect() as connection:
        if data:
            await connection.execute(things.insert(), list(data))
        whole = list((await connection.execute(select(things.c.id).order_by(*order))).scalars())
        assert await walk(connection, f"sort={sign}{sort}", limit) == whole
        await connection.rollback()
    assert len(whole) == len(data)


async def test_filters_search_and_ids_hold_on_every_page(engine: AsyncEngine) -> None:
    ids = [uuid4() for _ in range(9)]
    async with engine.connect() as connection:
        values = [
            {"id": one, "name": "ab"[place % 2], "updated_at": NOON + timedelta(hours=place)}
            for place, one in enumerate(ids)
        ]
        await connection.execute(things.insert(), values)
        assert set(await walk(connection, "name=a", 2)) == set(ids[::2])
        assert set(await walk(connection, "name=a,b", 2)) == set(ids)
        assert set(await walk(connection, "name=a&name=b", 4)) == set(ids)
        assert set(await walk(connection, "q=B", 2)) == set(ids[1::2])
        assert set(await walk(connection, f"ids={ids[0]},{ids[1]}&name=a", 2)) == {ids[0]}
        assert set(await walk(connection, "updated_after=2026-05-01T17:00:00Z", 2)) == set(ids[6:])
        assert set(await walk(connection, "q=%25", 2)) == set()
        await connection.rollback()


def test_who_names_ids_gets_them_on_one_page() -> None:
    ids = ",".join(str(uuid4()) for _ in range(120))
    assert parse(asking(f"ids={ids}"), LISTING).limit == 120
    assert parse(asking(f"ids={ids}&limit=5"), LISTING).limit == 5
    assert parse(asking(), LISTING).limit == 50


def test_more_ids_than_a_page_holds_are_refused_and_never_cut() -> None:
    with pytest.raises(BadParameterError):
        parse(asking("ids=" + ",".join(str(uuid4()) for _ in range(201))), LISTING)


@pytest.mark.parametrize("query", ["nmae=a", "name[]=a", "NAME=a", "=a", "limit=1&offset=3"])
def test_an_unknown_parameter_is_refused(query: str) -> None:
    with pytest.raises(UnknownParameterError):
        parse(asking(query), LISTING)


@pytest.mark.parametrize("query", ["q=a", "updated_after=2026-01-01T00:00:00Z"])
def test_a_list_that_cannot_search_or_compare_does_not_pretend_to(query: str) -> None:
    with pytest.raises(UnknownParameterError):
        parse(asking(query), BARE)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=%C2%B2",
        "limit=1e2",
        "limit=" + "9" * 5000,
        "sort=",
        "sort=-",
        "sort=password",
        "sort=--name",
        "ids=1",
        "ids=" + "0" * 33,
        "updated_after=yesterday",
        "updated_after=2026-01-01T00:00:00",
        "updated_after=0001-01-01T00:00:00%2B14:00",
        "name=a%00b",
        "q=%00",
    ],
)
def test_a_value_that_the_list_cannot_use_is_refused(query: str) -> None:
    with pytest.raises(BadParameterError):
        parse(asking(query), LISTING)


async def test_a_cursor_of_another_sort_is_refused(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(
            things.insert(), [{"id": uuid4(), "name": "a", "updated_at": NOON} for _ in range(2)]
        )
        _, cursor = await fetch(connection, select(things), parse(asking("limit=1"), LISTING), LISTING)
        await connection.rollback()
    assert cursor
    assert parse(asking(f"cursor={cursor}"), LISTING).after is not None
    for other in ("-name", "title", "updated_at"):
        with pytest.raises(BadCursorError):
            parse(asking(f"sort={other}&cursor={cursor}"), LISTING)


@given(st.text(max_size=60))
def test_any_text_as_a_cursor_is_refused_and_breaks_nothing(cursor: str) -> None:
    request = Request({"type": "http", "query_string": b"", "headers": []})
    request._query_params = request.query_params.__class__({"cursor": cursor or "x"})
    with pytest.raises(InvalidError):
        parse(request, LISTING)


def test_times_need_their_zone_and_are_utc() -> None:
    assert as_time("2026-05-01T15:00:00+03:00") == NOON
    assert as_time("2026-05-01T15:00:00 03:00") == NOON  # a plus that a browser turned into a space
    assert as_time("2026-05-01T12:00:00Z").tzinfo is UTC


def test_ids_booleans_and_numbers_are_strict() -> None:
    assert as_uuid(str(UUID(int=5))) == UUID(int=5)
    assert (as_bool("true"), as_bool("false")) == (True, False)
    assert (as_number("0"), as_number(str(2**63 - 1))) == (0, 2**63 - 1)
    for wrong in ("True", "1", "yes", ""):
        with pytest.raises(BadParameterError):
            as_bool(wrong)
    for wrong in ("", "-1", "1.0", "\u00b2", str(2**63), "9" * 5000):
        with pytest.raises(BadParameterError):
            as_number(wrong)
