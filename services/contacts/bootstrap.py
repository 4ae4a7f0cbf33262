"""The composition root of contacts."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from services.contacts.adapters.unit_of_work import SqlWork, sql_work
from shared.kernel.clock import Clock
from shared.messaging.outbox import Outbox
from shared.runtime.declaration import Resources


@dataclass(frozen=True, slots=True)
class Contacts:
    """The composed application."""

    engine: AsyncEngine
    outbox: Outbox
    clock: Clock

    def work(self) -> AbstractAsyncContextManager[SqlWork]:
        """Begin a transaction."""
        return sql_work(self.engine, self.outbox)


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Contacts]:
    """Compose the application from what the runtime opened."""
    engine, outbox = resources.database()
    yield Contacts(engine, outbox, resources.clock)
