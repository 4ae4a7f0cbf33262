"""The composition root of leads."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from services.leads.adapters import tables
from services.leads.adapters.intake import SqlIntake
from services.leads.adapters.unit_of_work import SqlWork, sql_work
from shared.database.engine import open_pool
from shared.files.store import FileStore
from shared.kernel.clock import Clock
from shared.messaging.outbox import Outbox
from shared.messaging.suspects import Suspects
from shared.runtime.declaration import Resources

_INTAKE_CONNECTIONS = 3


@dataclass(frozen=True, slots=True)
class Leads:
    """The composed application."""

    engine: AsyncEngine
    outbox: Outbox
    clock: Clock
    intake: SqlIntake
    suspects: Suspects
    files: FileStore

    def work(self) -> AbstractAsyncContextManager[SqlWork]:
        """Begin a transaction."""
        return sql_work(self.engine, self.outbox, self.clock)


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Leads]:
    """Compose the application from what the runtime opened; intake has a small raw pool of its own."""
    engine, outbox = resources.database()
    settings = resources.settings
    pool = await open_pool(settings.database_url, name="leads.intake", size=_INTAKE_CONNECTIONS)
    try:
        yield Leads(
            engine=engine,
            outbox=outbox,
            clock=resources.clock,
            intake=SqlIntake(pool, resources.clock),
            suspects=Suspects(engine, tables.suspects),
            files=FileStore(settings.files_url),
        )
    finally:
        pool.terminate()
