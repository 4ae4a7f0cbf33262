"""The composition root of staff."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from services.staff.adapters.passwords import ArgonPasswords
from services.staff.adapters.sessions import SqlSessions
from services.staff.adapters.unit_of_work import SqlWork, sql_work
from services.staff.application.commands.set_up_company import set_up_company
from shared.http.tokens import SigningKey
from shared.kernel.clock import Clock
from shared.messaging.outbox import Outbox
from shared.runtime.declaration import Resources


@dataclass(frozen=True, slots=True)
class Staff:
    """The composed application."""

    engine: AsyncEngine
    outbox: Outbox
    clock: Clock
    signer: SigningKey
    passwords: ArgonPasswords
    sessions: SqlSessions

    def work(self) -> AbstractAsyncContextManager[SqlWork]:
        """Begin a transaction."""
        return sql_work(self.engine, self.outbox)


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Staff]:
    """Compose the application and see to it that somebody can get in."""
    engine, outbox = resources.database()
    sessions = SqlSessions(engine, outbox)
    app = Staff(engine, outbox, resources.clock, resources.signer, ArgonPasswords(), sessions)
    async with app.work() as work:
        await set_up_company(resources.settings.admin_password, work, app.passwords, app.clock())
    yield app
