"""Which errors pass by themselves: the database away, restarting, busy; never what the work itself did wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.channels.service import SERVICE
from shared.database import errors
from shared.database.engine import open_engine, open_pool
from shared.database.errors import is_passing, patiently
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase

Fresh = Callable[[Unit], Awaitable[TestDatabase]]


@pytest.fixture(scope="module")
async def fresh(database: Fresh) -> TestDatabase:
    """Return a database."""
    return await database(SERVICE)


@pytest.fixture(scope="module")
async def engine(fresh: TestDatabase) -> AsyncIterator[AsyncEngine]:
    """Return its engine."""
    found = open_engine(fresh.url, name="tests")
    yield found
    await found.dispose()


async def failure(engine: AsyncEngine, statement: str, **values: object) -> Exception:
    """Return the error of a statement."""
    with pytest.raises(Exception, match=r".*") as caught:
        async with engine.connect() as connection:
            await connection.execute(text(statement), values)
    assert isinstance(caught.value, Exception)
    return caught.value


@pytest.mark.parametrize(
    "statement",
    [
        "select * from nothing",
        "select 1 / 0",
        "insert into inbox (queue) values ('x')",
        "select cast('x' as uuid)",
        "select cast('\"\\u0000\"' as jsonb)",
        "set local statement_timeout = 10; select pg_sleep(5)",
        "do $$ begin raise exception 'own'; end $$",
    ],
)
async def test_what_the_work_did_wrong_does_not_pass(engine: AsyncEngine, statement: str) -> None:
    if statement.startswith("set local"):
        async with engine.connect() as connection:
            await connection.execute(text("set local statement_timeout = 10"))
            with pytest.raises(Exception, match="statement timeout") as caught:
                await connection.execute(text("select pg_sleep(5)"))
        assert not is_passing(caught.value)
    else:
        assert not is_passing(await failure(engine, statement))


async def test_a_value_that_cannot_be_sent_does_not_pass(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        statement = text("select cast(:n as bigint)").bindparams(bindparam("n", 2**70, BigInteger))
        with pytest.raises(Exception, match=r".*") as caught:
            await connection.execute(statement)
    assert not is_passing(caught.value)
    assert not is_passing(await failure(engine, "select cast(:x as text)", x="a\x00b"))


async def test_nobody_listening_passes() -> None:
    lonely = open_engine("postgresql://a:b@127.0.0.1:1/x", name="tests")
    assert is_passing(await failure(lonely, "select 1"))
    await lonely.dispose()


async def test_a_killed_connection_passes_and_the_pool_heals(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        victim = (await connection.execute(text("select pg_backend_pid()"))).scalar_one()
        async with engine.connect() as killer:
            await killer.execute(text("select pg_terminate_backend(:pid)"), {"pid": victim})
        with pytest.raises(Exception, match=r".*") as caught:
            await connection.execute(text("select 1"))
    assert is_passing(caught.value)
    async with engine.connect() as connection:
        assert (await connection.execute(text("select 1"))).scalar_one() == 1


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DeadlockDetectedError("x"),
        asyncpg.SerializationError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.AdminShutdownError("x"),
        asyncpg.TooManyConnectionsError("x"),
        asyncpg.DiskFullError("x"),
        asyncpg.ReadOnlySQLTransactionError("x"),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionResetError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_a_busy_or_missing_server_passes(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError(),
        RuntimeError(),
        asyncpg.UniqueViolationError("x"),
        asyncpg.QueryCanceledError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_does_not(error: Exception) -> None:
    assert not is_passing(error)


async def test_work_is_tried_again_while_errors_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_BACKOFF_S", (0.001,))
    tries = 0

    async def work() -> str:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise ConnectionRefusedError
        return "done"

    assert await patiently(work, waiting="tests") == "done"
    assert tries == 4


async def test_other_errors_come_through_at_once() -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise ValueError

    with pytest.raises(ValueError, match=r".*"):
        await patiently(work, waiting="tests")
    assert tries == 1


async def test_an_error_shows_no_values_of_its_statement(engine: AsyncEngine) -> None:
    error = await failure(
        engine, "insert into inbox (queue, message_id) values (:queue, null)", queue="MARKER"
    )
    assert "MARKER" not in str(error)
    assert "MARKER" not in repr(error)


async def test_a_raw_pool_ends_long_statements_and_takes_json_as_text(fresh: TestDatabase) -> None:
    pool = await open_pool(fresh.url, name="tests", size=2)
    try:
        assert await pool.fetchval("show statement_timeout") == "1min"
        assert await pool.fetchval("select cast($1 as jsonb)", '{"a": 1}') == '{"a": 1}'
    finally:
        await pool.close()
