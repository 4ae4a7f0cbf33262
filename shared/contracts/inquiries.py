"""What every connector publishes to intake: one incoming communication in our words."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import pydantic

from shared.contracts.base import Contract, Part

InquiryKind = Literal["call", "email", "message", "form", "chat", "callback", "manual"]


class Sender(Part):
    """Who wrote or called, exactly as the provider said it; canonical keys are made by intake."""

    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    vk_id: str | None = None
    telegram_id: str | None = None


class Field(Part):
    """One field of a form as the visitor saw it; `name` is the wire name, `label` what is shown."""

    name: str
    label: str = ""
    value: str = ""


class Attachment(Part):
    """A file that came with an inquiry: `name` is the sender's, made harmless; `key` is its place in the file store.

    `content_type` is what the bytes are, not what the sender called them.
    """

    name: str
    content_type: str = "application/octet-stream"
    size: int = 0
    key: str


class Raw(Part):
    """The bytes that came in: text where they are UTF-8, else base64, or a key of the file store if over 64 KiB."""

    content_type: str = ""
    text: str | None = None
    base64: str | None = None
    file_key: str | None = None


class InquiryReceived(Contract):
    """An inquiry accepted at the edge.

    `inquiry_id` is derived from the channel and the provider's event id, so that a repeat has the same id.
    `occurred_at` is the provider's time, `received_at` ours. `spam_reasons` say why it is suspected: `honeypot` (a
    field that people do not see was filled), `too_fast` (the form was sent sooner than a person fills it in).
    """

    topic: ClassVar[str] = "connectors.inquiry-received.v1"

    inquiry_id: UUID
    channel_id: UUID
    kind: InquiryKind
    external_id: str
    occurred_at: datetime
    received_at: datetime
    sender: Sender = Sender()
    subject: str = ""
    text: str = ""
    text_key: str | None = None
    fields: tuple[Field, ...] = ()
    utm: dict[str, str] = pydantic.Field(default_factory=dict)
    page_url: str = ""
    referrer: str = ""
    ip: str = ""
    user_agent: str = ""
    suspected_spam: bool = False
    spam_reasons: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    raw: Raw = Raw()


class EventQuarantined(Contract):
    """Something that came in and could not be translated; it is kept raw until it can be (B04).

    `inquiry_id` is the id under which the inquiry will arrive, derived from `external_id`: the sender was told it.
    `headers` are those that matter for the translation; `attempts` counts the translations that failed.
    """

    topic: ClassVar[str] = "connectors.event-quarantined.v1"

    inquiry_id: UUID
    unit: str
    channel_id: UUID
    external_id: str
    received_at: datetime
    reason: str
    attempts: int = 1
    headers: dict[str, str] = pydantic.Field(default_factory=dict)
    ip: str = ""
    raw: Raw = Raw()


class TranslateAgain(Contract):
    """The wish that a connector translates again what it could not translate before."""

    inquiry_id: UUID
    channel_id: UUID
    external_id: str
    received_at: datetime
    attempts: int = 1
    headers: dict[str, str] = pydantic.Field(default_factory=dict)
    ip: str = ""
    raw: Raw = Raw()


class TranslateFormAgain(TranslateAgain):
    """A form is translated again; the inquiry arrives, or the form is quarantined once more (B04)."""

    topic: ClassVar[str] = "connectors.forms.translate-again.v1"


TRANSLATE_AGAIN: dict[str, type[TranslateAgain]] = {"forms": TranslateFormAgain}
"""The wish by the unit that quarantined."""
