"""How a unit reaches its PostgreSQL: one SQLAlchemy engine, and a raw pool where a batch needs speed."""

from typing import Any

import asyncpg
import orjson
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Return a MetaData whose constraints are named the same on every machine."""
    return MetaData(naming_convention=NAMES)


def _dumps(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def open_engine(url: str, *, name: str, pool_size: int = 8) -> AsyncEngine:
    """Return an engine for `postgresql://…`; nothing is connected until the first statement.

    Statements end after 30 s, so that no request can hold a connection for ever.
    """
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # an error in the log must not show what clients wrote
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 5,
            "server_settings": {"application_name": name, "statement_timeout": "30000", "jit": "off"},
        },
    )


async def open_pool(url: str, *, name: str, size: int) -> asyncpg.Pool:
    """Return a raw asyncpg pool for hand-written batch statements; jsonb goes in and out as text."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        timeout=5,
        server_settings={"application_name": name, "statement_timeout": "60000", "jit": "off"},
    )
