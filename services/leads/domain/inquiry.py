"""An inquiry on its way in: who it comes from and the canonical keys to match it by."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

PREVIEW = 1_000


class Key(NamedTuple):
    """A canonical identity: `phone`, `email`, `vk`, `telegram` or `contact` and its value (B09)."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"

    @classmethod
    def parse(cls, stored: str) -> "Key":
        """Return the key that `str` wrote."""
        kind, _, value = stored.partition(":")
        return cls(kind, value)


def contact_key(contact_id: UUID) -> Key:
    """Return the key under which everything of one known contact meets."""
    return Key("contact", str(contact_id))


@dataclass(frozen=True, slots=True)
class Incoming:
    """An inquiry as the rules see it; `content` and `raw` are JSON to be stored, never looked into here."""

    id: UUID
    channel_id: UUID
    kind: str
    external_id: str
    occurred_at: datetime
    received_at: datetime
    keys: tuple[Key, ...]
    name: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    text: str
    suspected_spam: bool
    content: str
    raw_type: str
    raw: str
    traceparent: str = ""

    @property
    def preview(self) -> str:
        """As much of the text as a card shows."""
        return self.text[:PREVIEW]
