"""The decision about a batch of inquiries: pure, in order of arrival, each seeing what the one before did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.leads.domain.assignment import Assignment, assign
from services.leads.domain.inquiry import Incoming, Key
from services.leads.domain.matching import Match, match
from services.leads.domain.snapshot import Channel, Identity, OpenLead, Responsible, Snapshot
from shared.kernel.ids import new_id

NAMELESS = "Без контакта"


@dataclass(slots=True)
class NewLead:
    """A lead that the batch opens; later inquiries of the batch may still be attached to it."""

    id: UUID
    kind: str
    channel_id: UUID
    name: str
    created_at: datetime
    responsible: Responsible | None
    pool_role_id: UUID | None
    contact_id: UUID | None
    keys: set[Key]
    phones: list[str]
    emails: list[str]
    text: str
    last_inquiry_at: datetime
    inquiries: int = 1


@dataclass(slots=True)
class Growth:
    """What the batch adds to a lead that was open before."""

    lead_id: UUID
    last_inquiry_at: datetime
    first_at: datetime
    text: str
    contact_id: UUID | None
    name: str
    keys: set[Key] = field(default_factory=set)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    inquiries: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """One inquiry with its decisions; `lead_id` None means kept without a lead."""

    inquiry: Incoming
    match: Match
    assignment: Assignment | None
    lead_id: UUID | None


@dataclass(slots=True)
class Decisions:
    """Everything to be written for a batch."""

    decided: list[Decided] = field(default_factory=list)
    new_leads: dict[UUID, NewLead] = field(default_factory=dict)
    growths: dict[UUID, Growth] = field(default_factory=dict)
    taken: dict[Key, UUID] = field(default_factory=dict)
    """Keys that point to another lead than before."""
    repeats: list[Incoming] = field(default_factory=list)
    """Inquiries whose id is taken: the same ones again, or others under an id that was used already."""


def decide(batch: Sequence[Incoming], snapshot: Snapshot, now: datetime) -> Decisions:
    """Decide about every inquiry of the batch that is not stored yet; repeats have no effect.

    The snapshot is advanced in memory, so that a burst of one person ends in one lead (B14). `now` is only the
    fallback for inquiries without a time of their own.
    """
    decisions = Decisions()
    seen = set(snapshot.stored)
    for inquiry in batch:
        if inquiry.id in seen:
            decisions.repeats.append(inquiry)
            continue
        seen.add(inquiry.id)
        channel = snapshot.channels.get(inquiry.channel_id) or Channel(inquiry.channel_id)
        found = match(inquiry, channel, snapshot)
        assignment = None
        lead_id = found.lead_id
        if found.outcome == "open":
            contact = snapshot.contacts.get(found.contact_id) if found.contact_id else None
            assignment = assign(channel, contact, snapshot)
            lead_id = _open(inquiry, found, assignment, contact.name if contact else "", decisions, now)
        elif found.outcome == "attach" and lead_id:
            _attach(inquiry, found, lead_id, decisions)
        if lead_id:
            _hold(inquiry, found, lead_id, snapshot, decisions)
        decisions.decided.append(Decided(inquiry, found, assignment, lead_id))
    return decisions


def _open(
    inquiry: Incoming,
    found: Match,
    assignment: Assignment,
    contact_name: str,
    decisions: Decisions,
    now: datetime,
) -> UUID:
    lead_id = new_id()
    decisions.new_leads[lead_id] = NewLead(
        id=lead_id,
        kind=inquiry.kind,
        channel_id=inquiry.channel_id,
        name=contact_name or inquiry.name or _first(inquiry) or NAMELESS,
        created_at=inquiry.received_at or now,
        responsible=assignment.responsible,
        pool_role_id=assignment.pool_role_id,
        contact_id=found.contact_id,
        keys=set(),
        phones=list(inquiry.phones),
        emails=list(inquiry.emails),
        text=inquiry.preview,
        last_inquiry_at=inquiry.received_at,
    )
    return lead_id


def _first(inquiry: Incoming) -> str:
    return next(iter((*inquiry.phones, *inquiry.emails)), "")


def _attach(inquiry: Incoming, found: Match, lead_id: UUID, decisions: Decisions) -> None:
    lead: NewLead | Growth | None = decisions.new_leads.get(lead_id)
    if lead is None:
        lead = decisions.growths.setdefault(
            lead_id,
            Growth(lead_id, inquiry.received_at, inquiry.received_at, "", found.contact_id, inquiry.name),
        )
    lead.inquiries += 1
    if inquiry.received_at >= lead.last_inquiry_at:
        lead.last_inquiry_at = inquiry.received_at
        lead.text = inquiry.preview or lead.text
    lead.contact_id = lead.contact_id or found.contact_id
    lead.phones += [value for value in inquiry.phones if value not in lead.phones]
    lead.emails += [value for value in inquiry.emails if value not in lead.emails]


def _hold(inquiry: Incoming, found: Match, lead_id: UUID, snapshot: Snapshot, decisions: Decisions) -> None:
    """Let the lead hold the keys: those that are free, or all of them where every inquiry opens a lead of its own."""
    takes_over = found.rule == "repeat_new_lead"
    gained = set()
    for key in found.keys:
        identity = snapshot.identities.get(key, Identity())
        if identity.open_lead_id == lead_id:
            continue
        if takes_over or identity.open_lead_id not in snapshot.leads:
            snapshot.identities[key] = Identity(lead_id, identity.spam)
            decisions.taken[key] = lead_id
            gained.add(key)
    lead = decisions.new_leads.get(lead_id) or decisions.growths.get(lead_id)
    if lead is not None:
        lead.keys |= gained
    known = snapshot.leads.get(lead_id)
    snapshot.leads[lead_id] = OpenLead(
        lead_id,
        max(inquiry.received_at, known.last_inquiry_at) if known else inquiry.received_at,
        found.contact_id or (known.contact_id if known else None),
        (known.keys | gained) if known else frozenset(gained),
    )
