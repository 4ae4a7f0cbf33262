"""Take the mark of spam off a key, and decide anew about what was kept because of it (S008)."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.domain.inquiry import Incoming, Key
from services.leads.domain.intake import Decisions, decide
from services.leads.domain.snapshot import Snapshot
from shared.kernel.clock import Clock

AGAIN_FOR = timedelta(days=30)


class AgainWork(Protocol):
    """One transaction in which stored inquiries are decided again."""

    async def kept_as_spam(
        self, keys: Collection[Key], since: datetime, without: Collection[UUID]
    ) -> list[Incoming]:
        """Return inquiries kept because of these keys, locked, the oldest first, as many as a batch takes."""
        ...

    async def read(self, batch: Sequence[Incoming]) -> Snapshot:
        """Lock the keys of the batch and return all that its rules may look at."""
        ...

    async def rewrite(self, decisions: Decisions) -> None:
        """Write the decisions about inquiries that are stored already; the earlier ones stay on record."""
        ...


class AgainStore(Protocol):
    """Opens such transactions."""

    def begin(self) -> AbstractAsyncContextManager[AgainWork]:
        """Begin a transaction; it is committed when the block ends and rolled back when it raises."""
        ...


async def take_off_spam(key: Key, work: Work) -> None:
    """Take the mark off; a key without one stays as it is, so that the wish can be repeated."""
    await work.spam.take_off([key])


async def decide_spam_again(keys: Collection[Key], store: AgainStore, clock: Clock) -> int:
    """Decide again about the last 30 days of what was kept because of the keys; return how many have a lead now.

    Runs after the mark was taken off and committed. Leads are opened as of the arrival of their inquiries. What is
    spam for another reason too stays so.
    """
    since, seen, led = clock() - AGAIN_FOR, set[UUID](), 0
    while keys:
        async with store.begin() as work:
            batch = await work.kept_as_spam(keys, since, seen)
            if not batch:
                break
            snapshot = await work.read(batch)
            snapshot.stored = frozenset()
            decisions = decide(batch, snapshot, clock())
            await work.rewrite(decisions)
        seen |= {inquiry.id for inquiry in batch}
        led += sum(item.lead_id is not None for item in decisions.decided)
    return led
