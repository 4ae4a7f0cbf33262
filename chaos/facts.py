"""What the system holds after a run: read once, then only looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

OPEN = frozenset({"new", "in_work", "converting"})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A stored inquiry; `body_hash` is empty where the raw body lies in the file store."""

    id: UUID
    key: str
    lead_id: UUID | None
    raw_rows: int
    decisions: int
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead; `counted` is what it says of its inquiries, `attached` how many there are."""

    id: UUID
    status: str
    version: int
    keys: frozenset[str]
    counted: int
    attached: int

    @property
    def open(self) -> bool:
        """Whether inquiries are attached to it."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was put aside for good; `key` is that of its inquiry, empty for other messages."""

    unit: str
    queue: str
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the checker looks at. Records are named `(owner, id)`, owners like the services."""

    inquiries: tuple[Inquiry, ...] = ()
    leads: tuple[Lead, ...] = ()
    identities: Mapping[str, UUID] = field(default_factory=dict)
    """Identity key -> the open lead that it points to."""
    outbox: Mapping[str, int] = field(default_factory=dict)
    """Unit -> rows that were not sent."""
    owned: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Record -> the version that its owner holds."""
    copied: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Record -> the version that leads holds a copy of."""
    told: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Record -> the greatest version that an event told of."""
    dead: tuple[DeadLetter, ...] = ()
    queues: Mapping[str, int] = field(default_factory=dict)
    """Queue -> messages that still lie in it."""

    def by_key(self) -> dict[str, list[Inquiry]]:
        """Return the inquiries by the key of their event."""
        found: dict[str, list[Inquiry]] = {}
        for inquiry in self.inquiries:
            found.setdefault(inquiry.key, []).append(inquiry)
        return found
