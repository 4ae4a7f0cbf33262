"""Inquiries and the decisions about them on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.leads.entrypoints.schemas import ChannelRef

_CONTENT = (
    "subject",
    "fields",
    "utm",
    "page_url",
    "referrer",
    "ip",
    "user_agent",
    "text_key",
    "suspected_spam",
    "spam_reasons",
    "attachments",
)


class SenderOut(BaseModel):
    """Who wrote or called, as the provider said it."""

    name: str = ""
    phones: list[str] = []
    emails: list[str] = []
    vk_id: str | None = None
    telegram_id: str | None = None


class FieldOut(BaseModel):
    """One field of a form, in the order in which it came."""

    name: str
    label: str = ""
    value: str = ""


class AttachmentOut(BaseModel):
    """A file that came with an inquiry; `content_type` is what its bytes are."""

    name: str
    content_type: str = "application/octet-stream"
    size: int = 0
    key: str


class ConflictOut(BaseModel):
    """What came later under the same id and said something else; it made no inquiry of its own."""

    received_at: datetime
    sender: SenderOut
    subject: str = ""
    text: str
    fields: list[FieldOut] = []
    attachments: list[AttachmentOut] = []

    @classmethod
    def of(cls, row: RowMapping) -> "ConflictOut":
        """Return the conflict of a row."""
        content: dict[str, Any] = row["content"]
        kept = {name: content[name] for name in cls.model_fields if content.get(name) is not None}
        return cls(**{**kept, "received_at": row["received_at"], "text": row["text"]})


class DecisionRef(BaseModel):
    """Why the inquiry is where it is, in short (B06)."""

    rule: str
    rule_version: int
    matched: list[dict[str, Any]]
    candidates: list[dict[str, Any]]


class InquiryOut(BaseModel):
    """One incoming communication, as it was received."""

    id: UUID
    channel_id: UUID
    channel: ChannelRef
    kind: str
    external_id: str
    occurred_at: datetime
    received_at: datetime
    stored_at: datetime
    sender: SenderOut
    subject: str = ""
    text: str
    text_key: str | None = None
    fields: list[FieldOut] = []
    utm: dict[str, str] = {}
    page_url: str = ""
    referrer: str = ""
    ip: str = ""
    user_agent: str = ""
    suspected_spam: bool = False
    spam_reasons: list[str] = []
    attachments: list[AttachmentOut] = []
    conflicts: list[ConflictOut] = []
    lead_id: UUID | None
    deal_id: UUID | None
    contact_id: UUID | None
    decision: DecisionRef | None
    version: int

    @classmethod
    def of(
        cls, row: RowMapping, decision: dict[str, Any] | None, conflicts: Sequence[RowMapping] = ()
    ) -> "InquiryOut":
        """Return the inquiry of a row with its latest decision and what was in conflict with it."""
        content: dict[str, Any] = row["content"]
        values: dict[str, Any] = {name: row[name] for name in cls.model_fields if name in row}
        values |= {name: content[name] for name in _CONTENT if content.get(name) is not None}
        values["sender"] = SenderOut(**content.get("sender", {}))
        values["channel"] = ChannelRef.of(row)
        values["decision"] = decision
        values["conflicts"] = [ConflictOut.of(item) for item in conflicts]
        return cls(**values)


class DecisionOut(BaseModel):
    """A decision with all its evidence (B06, B10)."""

    seq: int
    made_at: datetime
    made_by: UUID | None
    rule: str
    rule_version: int
    lead_id: UUID | None
    matched: list[dict[str, Any]]
    candidates: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    assignment: dict[str, Any] | None
    reason: str


class RawOut(BaseModel):
    """The bytes that came in: as text where they are UTF-8, else in base64."""

    content_type: str
    text: str | None = None
    base64: str | None = None


class TextOut(BaseModel):
    """The whole text of an inquiry."""

    text: str
