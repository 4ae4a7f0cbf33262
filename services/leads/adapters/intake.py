"""Intake over a raw pool: hand-written statements, one transaction for each batch."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from services.leads.adapters.intake_again import read_kept_as_spam
from services.leads.adapters.intake_read import Connection, read_snapshot
from services.leads.adapters.intake_write import write_decisions
from services.leads.domain.inquiry import Incoming, Key
from services.leads.domain.intake import Decisions
from services.leads.domain.snapshot import Snapshot
from shared.kernel.clock import Clock


@dataclass(slots=True)
class SqlIntakeWork:
    """One transaction: the snapshot that was read under locks is written back with the decisions."""

    connection: Connection
    clock: Clock
    snapshot: Snapshot = field(default_factory=Snapshot)

    async def read(self, batch: Sequence[Incoming]) -> Snapshot:
        """Lock the keys of the batch and return all that its rules may look at."""
        self.snapshot = await read_snapshot(self.connection, batch)
        return self.snapshot

    async def kept_as_spam(
        self, keys: Collection[Key], since: datetime, without: Collection[UUID]
    ) -> list[Incoming]:
        """Return inquiries kept because of these keys, locked, the oldest first, as many as a batch takes."""
        return await read_kept_as_spam(self.connection, keys, since, without)

    async def rewrite(self, decisions: Decisions) -> None:
        """Write the decisions about inquiries that are stored already; the earlier ones stay on record."""
        await write_decisions(self.connection, decisions, self.snapshot, self.clock(), again=True)

    async def write(self, decisions: Decisions) -> None:
        """Write leads, attachments, inquiries, raw bytes, decisions and events."""
        await write_decisions(self.connection, decisions, self.snapshot, self.clock())


@dataclass(frozen=True, slots=True)
class SqlIntake:
    """Opens transactions of intake on its own small pool."""

    pool: asyncpg.Pool
    clock: Clock

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlIntakeWork]:
        """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
        async with self.pool.acquire() as connection, connection.transaction():
            yield SqlIntakeWork(connection, self.clock)
