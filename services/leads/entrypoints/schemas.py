"""Leads, inquiries and reasons on the wire."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

T = TypeVar("T")

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]+$")
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^[^\x00]*$")]
Why = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")
]

PointKind = Literal["phone", "email", "vk", "telegram"]
PointValue = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^\x00]+$")]


class Body(BaseModel):
    """A request body: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Assignee(BaseModel):
    """An employee or a role, as a wish names it."""

    type: Literal["employee", "role"]
    id: UUID


class AssigneeOut(Assignee):
    """An employee or a role that may answer for a lead."""

    name: str
    detail: str = ""


class ResponsibleOut(Assignee):
    """Who answers for a lead."""

    name: str


class ChannelRef(BaseModel):
    """The way by which something came, as far as this unit has heard of it."""

    id: UUID
    name: str
    kind: str

    @classmethod
    def of(cls, row: RowMapping) -> "ChannelRef":
        """Return the channel that a row names; one not heard of yet is empty."""
        return cls(id=row["channel_id"], name=row["channel_name"] or "", kind=row["channel_kind"] or "")


class Rejection(BaseModel):
    """Why a lead was rejected."""

    reason_id: UUID | None
    reason: str
    comment: str


class LeadOut(BaseModel):
    """A lead as lists and cards show it."""

    id: UUID
    number: int
    status: str
    kind: str
    channel_id: UUID
    channel: ChannelRef
    name: str
    phones: list[str]
    emails: list[str]
    contact_id: UUID | None
    contact_name: str | None
    deal_id: UUID | None
    responsible: ResponsibleOut | None
    text: str
    inquiries_count: int
    unread_count: int
    created_at: datetime
    updated_at: datetime
    last_inquiry_at: datetime
    waiting_since: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    first_response_at: datetime | None
    rejection: Rejection | None
    version: int

    @classmethod
    def of(cls, row: RowMapping) -> "LeadOut":
        """Return the lead that a row of `select_leads` holds."""
        values: dict[str, Any] = {name: row[name] for name in cls.model_fields if name in row}
        values["channel"] = ChannelRef.of(row)
        values["responsible"] = None
        if row["responsible_id"]:
            values["responsible"] = ResponsibleOut(
                type=row["responsible_type"], id=row["responsible_id"], name=row["responsible_name"] or ""
            )
        values["rejection"] = None
        if row["status"] == "rejected":
            values["rejection"] = Rejection(
                reason_id=row["rejection_reason_id"],
                reason=row["reason_name"] or "",
                comment=row["rejection_comment"],
            )
        return cls(**values)


class Count(BaseModel):
    """How many leads fit; `capped` means that there are more than the number says."""

    count: int
    capped: bool


class ActorOut(BaseModel):
    """Who did something."""

    type: Literal["employee", "system"]
    id: UUID | None
    name: str


class HistoryEntry(BaseModel):
    """A line of a lead's history: who, when, why."""

    id: int
    kind: str
    at: datetime
    actor: ActorOut
    reason: str
    data: dict[str, Any]


class Items(BaseModel, Generic[T]):
    """A short list that needs no pages."""

    items: list[T]


class GiveBack(Body):
    """Why the lead goes back to everybody."""

    reason: Reason = ""


class HandOver(Body):
    """Who is to answer for the lead, and why."""

    to: Assignee
    reason: Reason = ""


class Reject(Body):
    """Why the lead is rejected."""

    reason_id: UUID | None = None
    comment: Reason = ""


class Spam(Body):
    """What is worth knowing about the sender who is spam."""

    comment: Reason = ""


class Reopen(Body):
    """Why the lead is opened again."""

    reason: Reason = ""


class Move(Body):
    """Where the inquiry belongs: another lead, or null for a lead of its own."""

    lead_id: UUID | None
    reason: Why


class Moved(BaseModel):
    """The lead to which the inquiry belongs now."""

    lead_id: UUID


class SpamKeyOut(BaseModel):
    """A key marked as spam: `phone`, `email`, `vk` or `telegram` and its canonical value."""

    id: UUID
    kind: str
    value: str
    lead_id: UUID
    marked_by: UUID
    marked_by_name: str
    marked_at: datetime


class TakenOff(BaseModel):
    """How many of the inquiries kept because of the key have a lead now."""

    decided: int


class ReasonPatch(Body):
    """What can be changed about a rejection reason."""

    name: Name | None = None
    position: int = Field(default=0, ge=0, le=100_000)
    is_active: bool = True

    def changed(self) -> dict[str, Any]:
        """Return the fields that were given."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in given.items() if value is not None}


class ReasonCreate(ReasonPatch):
    """A new rejection reason."""

    name: Name


class ReasonOut(BaseModel):
    """A rejection reason."""

    id: UUID
    name: str
    position: int
    is_active: bool
    version: int
    updated_at: datetime
