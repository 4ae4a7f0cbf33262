"""Intake over a raw pool: hand-written statements, one transaction for each batch."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from services.leads.adapters.intake_again import read_kept_as_spam
from services.leads.adapters.intake_read import Connection, lock_and_read, read_known
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

    async def read(self, batch: Sequence[Incoming], known: Snapshot | None = None) -> Snapshot:
        """Lock the keys of the batch and return all that its rules may look at; `known` is what was read ahead."""
        self.snapshot = known or await read_known(self.connection, batch)
        await lock_and_read(self.connection, batch, self.snapshot)
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
    """Opens transactions of intake on its own small pool, one at a time: a second one would wait for the same rows."""

    pool: asyncpg.Pool
    clock: Clock
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def prepare(self, batch: Sequence[Incoming]) -> Snapshot:
        """Read ahead what needs no locks, while another batch is written.

        Keys are added without waiting for the disk: the transaction that uses them does.
        """
        async with self.pool.acquire() as connection:
            await connection.execute("set synchronous_commit = off")  # the pool resets it
            return await read_known(connection, batch)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlIntakeWork]:
        """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
        async with self.turn, self.pool.acquire() as connection, connection.transaction():
            yield SqlIntakeWork(connection, self.clock)
