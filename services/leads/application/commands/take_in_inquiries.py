"""Take in a batch of inquiries: read under locks, decide, write; one transaction."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from services.leads.domain.inquiry import Incoming
from services.leads.domain.intake import Decisions, decide
from services.leads.domain.snapshot import Snapshot
from shared.kernel.clock import Clock


class IntakeWork(Protocol):
    """One transaction of intake."""

    async def read(self, batch: Sequence[Incoming], known: Snapshot) -> Snapshot:
        """Lock the keys of the batch and return all that its rules may look at; `known` was read ahead."""
        ...

    async def write(self, decisions: Decisions) -> None:
        """Write leads, attachments, inquiries, raw bytes, decisions and events."""
        ...


class IntakeStore(Protocol):
    """Opens transactions of intake."""

    async def prepare(self, batch: Sequence[Incoming]) -> Snapshot:
        """Read ahead what needs no locks, while another batch is written."""
        ...

    def begin(self) -> AbstractAsyncContextManager[IntakeWork]:
        """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
        ...


async def take_in_inquiries(batch: Sequence[Incoming], store: IntakeStore, clock: Clock) -> Decisions:
    """Decide about the batch and store everything about it; repeats have no effect (B01, B07)."""
    known = await store.prepare(batch)
    async with store.begin() as work:
        snapshot = await work.read(batch, known)
        decisions = decide(batch, snapshot, clock())
        await work.write(decisions)
    return decisions
