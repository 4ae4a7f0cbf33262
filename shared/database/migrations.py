"""Migrations of any unit through one Alembic environment, without ini files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_ENVIRONMENT = Path(__file__).parent / "alembic"
_MIGRATING = 7_362_001


def _config(versions: Path, metadata: MetaData, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _upgrade(connection: Connection, versions: Path, metadata: MetaData, to: str) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    command.upgrade(_config(versions, metadata, connection), to)


def _check(connection: Connection, versions: Path, metadata: MetaData) -> None:
    command.check(_config(versions, metadata, connection))


async def migrate(owner_url: str, versions: Path, metadata: MetaData, *, to: str = "head") -> None:
    """Bring the database to a revision, the newest by itself; several callers at once wait for each other."""
    async with _connection(owner_url) as connection:
        await connection.run_sync(_upgrade, versions, metadata, to)


async def check(owner_url: str, versions: Path, metadata: MetaData) -> None:
    """Raise alembic's CommandError if the tables in code and the migrations differ."""
    async with _connection(owner_url) as connection:
        await connection.run_sync(_check, versions, metadata)


@asynccontextmanager
async def _connection(owner_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(
        owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()
