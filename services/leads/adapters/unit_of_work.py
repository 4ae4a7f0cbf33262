"""One transaction of leads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.leads.adapters.directory import SqlDirectory
from services.leads.adapters.inquiries import SqlInquiryRepository
from services.leads.adapters.repository import SqlLeadRepository
from services.leads.adapters.spam import SqlSpamKeys
from shared.contracts.base import Contract
from shared.kernel.clock import Clock
from shared.messaging.outbox import Outbox


@dataclass(frozen=True, slots=True)
class SqlWork:
    """Repositories and outbox over one connection."""

    connection: AsyncConnection
    leads: SqlLeadRepository
    inquiries: SqlInquiryRepository
    spam: SqlSpamKeys
    directory: SqlDirectory
    outbox: Outbox

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        await self.outbox.add(self.connection, event, aggregate=aggregate)


@asynccontextmanager
async def sql_work(engine: AsyncEngine, outbox: Outbox, clock: Clock) -> AsyncIterator[SqlWork]:
    """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
    async with engine.begin() as connection:
        yield SqlWork(
            connection,
            SqlLeadRepository(connection, clock()),
            SqlInquiryRepository(connection, clock),
            SqlSpamKeys(connection),
            SqlDirectory(connection),
            outbox,
        )
