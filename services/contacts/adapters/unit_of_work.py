"""One transaction of contacts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts.adapters.repository import SqlContactRepository
from shared.contracts.base import Contract
from shared.messaging.outbox import Outbox


@dataclass(frozen=True, slots=True)
class SqlWork:
    """Repositories and outbox over one connection."""

    connection: AsyncConnection
    contacts: SqlContactRepository
    outbox: Outbox

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        await self.outbox.add(self.connection, event, aggregate=aggregate)


@asynccontextmanager
async def sql_work(engine: AsyncEngine, outbox: Outbox) -> AsyncIterator[SqlWork]:
    """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
    async with engine.begin() as connection:
        yield SqlWork(connection, SqlContactRepository(connection), outbox)
