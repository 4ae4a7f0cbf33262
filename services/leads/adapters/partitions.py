"""Partitions of the raw bytes, a month each."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def make_partitions(engine: AsyncEngine, *, months_ahead: int) -> None:
    """Make the partitions of the last month, this one and those to come; those that are there are left alone."""
    async with engine.begin() as connection:
        await connection.execute(text("select make_raw_partitions(:months)"), {"months": months_ahead})
