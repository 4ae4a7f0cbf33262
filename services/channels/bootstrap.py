"""The composition root of channels."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from services.channels.adapters.forms_connector import FormsConnector
from services.channels.adapters.unit_of_work import SqlWork, sql_work
from services.channels.settings import ChannelsSettings
from shared.http.client import UnitClient
from shared.kernel.clock import Clock
from shared.kernel.sealing import SealingKeys
from shared.messaging.outbox import Outbox
from shared.runtime.declaration import Resources


@dataclass(frozen=True, slots=True)
class Channels:
    """The composed application."""

    engine: AsyncEngine
    outbox: Outbox
    clock: Clock
    keys: SealingKeys
    hooks_url: str
    forms: FormsConnector

    def work(self) -> AbstractAsyncContextManager[SqlWork]:
        """Begin a transaction."""
        return sql_work(self.engine, self.outbox)


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Channels]:
    """Compose the application from what the runtime opened."""
    engine, outbox = resources.database()
    settings: ChannelsSettings = resources.settings
    client = UnitClient(settings.forms_url or settings.hooks_url, resources.signer)
    try:
        yield Channels(
            engine,
            outbox,
            resources.clock,
            SealingKeys.parse(settings.secret_keys),
            settings.hooks_url,
            FormsConnector(client),
        )
    finally:
        await client.close()
