"""Events of channels: settings of one configured way in; secrets travel as ciphertext only."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Contract, Part

ChannelKind = Literal["form", "telephony", "mailbox", "vk", "telegram", "chat", "bitrix24", "manual"]
Strategy = Literal["everyone", "round_robin", "least_loaded"]

FormMeaning = Literal[
    "name",
    "first_name",
    "last_name",
    "middle_name",
    "phone",
    "email",
    "text",
    "subject",
    "company",
    "position",
    "city",
    "address",
    "product",
    "page",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "vk",
    "telegram",
    "consent",
    "consent_version",
    "number",
    "tracking",
    "submission",
    "redirect",
    "honeypot",
    "field",
    "service",
]
"""What a form's field may be mapped to in `connection.mapping`: `field` is shown as it came and searched for phones,
`number` is shown and holds none, `service` stays in the raw body only."""


class Responsible(Part):
    """Who answers for what the channel brings: an employee or a role (S056, S057)."""

    type: Literal["employee", "role"]
    id: UUID


class ChannelChanged(Contract):
    """A channel was created or changed. `secrets` is AES-GCM ciphertext, opened only in use."""

    topic: ClassVar[str] = "channels.channel-changed.v1"

    channel_id: UUID
    version: int
    number: int
    kind: ChannelKind
    provider: str
    name: str
    key: str
    status: Literal["active", "disabled"] = "active"
    lead_source: bool = True
    responsible: Responsible | None = None
    strategy: Strategy = "everyone"
    sticky: bool = False
    repeat: Literal["attach", "new_lead", "new_deal"] = "attach"
    mode: Literal["classic", "simple"] | None = None
    reason_required: bool = False
    connection: dict[str, Any] = Field(default_factory=dict)
    secrets: str = ""
    deleted: bool = False
