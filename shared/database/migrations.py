"""Migrations of any unit through one Alembic environment, without ini files."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
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


def _upgrade(connection: Connection, versions: Path, metadata: MetaData) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    command.upgrade(_config(versions, metadata, connection), "head")


def _check(connection: Connection, versions: Path, metadata: MetaData) -> None:
    command.check(_config(versions, metadata, connection))


async def migrate(owner_url: str, versions: Path, metadata: MetaData) -> None:
    """Bring the database to the newest revision; several callers at once wait for each other."""
    await _with_connection(owner_url, versions, metadata, check=False)


async def check(owner_url: str, versions: Path, metadata: MetaData) -> None:
    """Raise alembic's CommandError if the tables in code and the migrations differ."""
    await _with_connection(owner_url, versions, metadata, check=True)


async def _with_connection(owner_url: str, versions: Path, metadata: MetaData, *, check: bool) -> None:
    engine = create_async_engine(
        owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_check if check else _upgrade, versions, metadata)
    finally:
        await engine.dispose()
