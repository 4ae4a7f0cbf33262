"""What the use cases need from outside."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.leads.domain.inquiry import Key
from services.leads.domain.lead import Actor, Entry, Lead
from services.leads.domain.quarantined import Quarantined
from services.leads.domain.reason import RejectionReason
from services.leads.domain.snapshot import Responsible
from shared.contracts.base import Contract
from shared.contracts.inquiries import TranslateAgain


class LeadRepository(Protocol):
    """Leads as aggregates, their keys and their history."""

    async def get(self, lead_id: UUID) -> Lead:
        """Return the lead, locked for this transaction; LeadMissingError if there is none."""
        ...

    async def peek(self, lead_id: UUID) -> Lead:
        """Return the lead without locking it; LeadMissingError if there is none."""
        ...

    async def save(self, lead: Lead, entry: Entry | None) -> None:
        """Store a changed lead and a line of its history."""
        ...

    async def last_entry(self, lead_id: UUID) -> Entry | None:
        """Return the latest line of the lead's history; None when nobody has done anything with it."""
        ...

    async def lock_keys(self, keys: Iterable[Key]) -> dict[Key, UUID | None]:
        """Lock the rows of the keys in their order and return the open lead that holds each."""
        ...

    async def point_keys(self, keys: Iterable[Key], lead_id: UUID | None) -> None:
        """Let the keys point to the lead, or to none."""
        ...

    async def open_numbers(self, lead_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Return those of the leads that are open, with the numbers by which people name them."""
        ...


class Directory(Protocol):
    """What this unit knows of the others, from its own copies."""

    async def reason_required(self, channel_id: UUID) -> bool:
        """Say whether leads of the channel are rejected only with a reason (S066)."""
        ...

    async def keys_of_contacts(self, keys: Collection[Key]) -> set[Key]:
        """Return those of the keys that belong to known contacts."""
        ...

    async def reason_name(self, reason_id: UUID, *, put_away: bool = False) -> str:
        """Return the name of a rejection reason that is active, or also put away; ReasonMissingError otherwise."""
        ...

    async def assignee_name(self, responsible: Responsible) -> str:
        """Return the name of an employee who may take leads or of a role; AssigneeUnknownError otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class StoredInquiry:
    """An inquiry as far as moving it goes."""

    id: UUID
    lead_id: UUID | None
    received_at: datetime
    row: dict[str, Any]


class InquiryRepository(Protocol):
    """Stored inquiries and the decisions about them."""

    async def get(self, inquiry_id: UUID) -> StoredInquiry:
        """Return the inquiry, locked; InquiryMissingError if there is none."""
        ...

    async def move(self, inquiry: StoredInquiry, lead_id: UUID, actor: Actor, reason: str) -> None:
        """Tie the inquiry to another lead and record the decision beside the earlier ones (B06)."""
        ...

    async def open_own_lead(self, inquiry: StoredInquiry) -> UUID:
        """Open a lead for this inquiry alone and return its id."""
        ...

    async def recount(self, lead_id: UUID, *, waits_from: datetime | None = None) -> None:
        """Bring counters, last text and wait of a lead in line with its inquiries; `waits_from` begins a wait."""
        ...


class SpamKeys(Protocol):
    """The keys whose inquiries are kept without a lead (S008)."""

    async def mark(self, keys: Iterable[Key], lead: Lead, actor: Actor, at: datetime) -> None:
        """Mark the keys as spam because of a lead; the caller has locked them."""
        ...

    async def take_off(self, keys: Iterable[Key]) -> None:
        """Take the mark off; keys without one stay as they are."""
        ...


class RejectionReasons(Protocol):
    """The directory of rejection reasons."""

    async def last_position(self) -> int:
        """Return the place of the last reason, 0 when there is none."""
        ...

    async def add(self, reason: RejectionReason) -> None:
        """Store a new reason."""
        ...

    async def get(self, reason_id: UUID) -> RejectionReason:
        """Return the reason, locked; ReasonMissingError if there is none."""
        ...

    async def save(self, reason: RejectionReason) -> None:
        """Store a changed reason."""
        ...


class Work(Protocol):
    """One transaction: what it changes and the events that leave with it."""

    @property
    def leads(self) -> LeadRepository:
        """The leads."""
        ...

    @property
    def inquiries(self) -> InquiryRepository:
        """The inquiries."""
        ...

    @property
    def spam(self) -> SpamKeys:
        """The keys marked as spam."""
        ...

    @property
    def directory(self) -> Directory:
        """The copies of what others own."""
        ...

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        ...


class Quarantine(Protocol):
    """What connectors could not translate, and the way to let them try again."""

    async def get(self, event_id: UUID) -> Quarantined:
        """Return it, locked; QuarantinedMissingError if it is not there."""
        ...

    async def oldest(self, now: datetime, *, units: Sequence[str], most: int) -> list[Quarantined]:
        """Return, locked, the oldest of these units that are new and that nobody has just asked for."""
        ...

    async def send(self, command: TranslateAgain) -> None:
        """Tell a connector."""
        ...

    async def note_asked(self, ids: Sequence[UUID], actor: Actor, now: datetime) -> None:
        """Note who asked for them."""
        ...

    async def drop(self, event_id: UUID, actor: Actor, reason: str, now: datetime) -> None:
        """Forget everything but that it was there, who dropped it and why."""
        ...
