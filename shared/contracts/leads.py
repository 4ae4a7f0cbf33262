"""Events of leads: the whole public state of the lead with its version and the audience that may see it."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.contracts.base import Contract, Part

LeadStatus = Literal["new", "in_work", "converting", "converted", "rejected", "absorbed"]


class Audience(Part):
    """Whose pages show the thing: computed by the owner, so that the gateway never decides about rights."""

    employees: tuple[UUID, ...] = ()
    roles: tuple[UUID, ...] = ()
    everyone: bool = False


class LeadResponsible(Part):
    """Who answers for a lead."""

    type: Literal["employee", "role"]
    id: UUID


class LeadEvent(Contract):
    """The state that every event of a lead carries."""

    lead_id: UUID
    version: int
    number: int
    status: LeadStatus
    kind: str
    channel_id: UUID
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    contact_id: UUID | None = None
    deal_id: UUID | None = None
    responsible: LeadResponsible | None = None
    inquiries_count: int = 0
    created_at: datetime
    last_inquiry_at: datetime
    inquiry_id: UUID | None = None
    actor_id: UUID | None = None
    reason: str = ""
    audience: Audience = Audience()


class LeadCreated(LeadEvent):
    """An inquiry opened a lead; the responsible stands in the same event (S055)."""

    topic: ClassVar[str] = "leads.lead-created.v1"


class InquiryAttached(LeadEvent):
    """An inquiry was attached to an open lead (S004)."""

    topic: ClassVar[str] = "leads.inquiry-attached.v1"


class LeadAssigned(LeadEvent):
    """The responsible was changed: handed over or given back (S060)."""

    topic: ClassVar[str] = "leads.lead-assigned.v1"


class LeadClaimed(LeadEvent):
    """An employee took the lead into work (S058)."""

    topic: ClassVar[str] = "leads.lead-claimed.v1"


class LeadRejected(LeadEvent):
    """The lead was rejected; `reason` says why (S065)."""

    topic: ClassVar[str] = "leads.lead-rejected.v1"


class LeadReopened(LeadEvent):
    """A rejected lead is open again."""

    topic: ClassVar[str] = "leads.lead-reopened.v1"


class LeadChanged(LeadEvent):
    """Anything else about the lead changed: keys, contact, name, moved inquiries, an answer to the client."""

    topic: ClassVar[str] = "leads.lead-changed.v1"


class InquiryKept(Contract):
    """An inquiry was kept without a lead; `rule` says why (employee, spam, not a source, S008, S014)."""

    topic: ClassVar[str] = "leads.inquiry-kept.v1"

    inquiry_id: UUID
    channel_id: UUID
    rule: str
    audience: Audience = Audience()
