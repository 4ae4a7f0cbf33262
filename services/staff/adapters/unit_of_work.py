"""One transaction of staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.staff.adapters.company import SqlCompany
from services.staff.adapters.repository import SqlPeople
from shared.contracts.base import Contract
from shared.messaging.outbox import Outbox

_CHANGING = 7_362_003


@dataclass(frozen=True, slots=True)
class SqlWork:
    """Repositories and outbox over one connection."""

    connection: AsyncConnection
    people: SqlPeople
    company: SqlCompany
    outbox: Outbox

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        await self.outbox.add(self.connection, event, aggregate=aggregate)


@asynccontextmanager
async def sql_work(engine: AsyncEngine, outbox: Outbox) -> AsyncIterator[SqlWork]:
    """Begin a transaction; it is committed when the block ends and rolled back when it raises.

    Changes of staff are rare and depend on each other (who may still administer, who is in which role), so they take
    turns: nobody decides on what another transaction is changing, and no two of them deadlock.
    """
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _CHANGING})
        yield SqlWork(connection, SqlPeople(connection), SqlCompany(connection), outbox)
