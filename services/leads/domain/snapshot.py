"""What the rules know of the world when they decide about a batch."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.leads.domain.inquiry import Key

Strategy = Literal["everyone", "round_robin", "least_loaded"]


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for a lead: one employee, or a whole role of which the first to claim owns it (S057, S058)."""

    type: Literal["employee", "role"]
    id: UUID


@dataclass(frozen=True, slots=True)
class Channel:
    """The business settings of a way in, as last heard from their owner."""

    id: UUID
    name: str = ""
    kind: str = ""
    lead_source: bool = True
    responsible: Responsible | None = None
    strategy: Strategy = "everyone"
    sticky: bool = False
    repeat: Literal["attach", "new_lead", "new_deal"] = "attach"
    reason_required: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """The row of one key: the one open lead that holds it, and whether it is marked as spam."""

    open_lead_id: UUID | None = None
    spam: bool = False


@dataclass(frozen=True, slots=True)
class OpenLead:
    """An open lead that an inquiry may be attached to."""

    id: UUID
    last_inquiry_at: datetime
    contact_id: UUID | None
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Contact:
    """A known contact."""

    id: UUID
    name: str
    responsible_id: UUID | None = None
    spam: bool = False


@dataclass(frozen=True, slots=True)
class Employee:
    """A colleague, as assignment sees him."""

    id: UUID
    name: str
    is_active: bool = True
    takes_leads: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """Who has a key: a contact; a shared point (switchboard, info@) never names a person."""

    contact_id: UUID
    shared: bool = False


CursorKey = tuple[UUID, UUID]
"""Role and channel: each pair goes round on its own."""


class Turn(NamedTuple):
    """Where somebody stands in the row of those who take leads: the smallest is next."""

    load: int
    given: int
    name: str
    employee: UUID


@dataclass(slots=True)
class Snapshot:
    """Everything that `decide` may look at, read under the locks of the batch's keys."""

    stored: frozenset[UUID] = frozenset()
    channels: dict[UUID, Channel] = field(default_factory=dict)
    identities: dict[Key, Identity] = field(default_factory=dict)
    leads: dict[UUID, OpenLead] = field(default_factory=dict)
    points: dict[Key, tuple[Point, ...]] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    employee_keys: dict[Key, UUID] = field(default_factory=dict)
    employees: dict[UUID, Employee] = field(default_factory=dict)
    roles: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    cursors: dict[CursorKey, dict[UUID, int]] = field(default_factory=dict)
    load: dict[UUID, int] = field(default_factory=dict)
    turns: dict[CursorKey, list[Turn]] = field(default_factory=dict)
    """By cursor: the heap of those who may be chosen, made once for a batch."""
    pools: dict[UUID, tuple[tuple[dict[str, Any], ...], list[UUID]]] = field(default_factory=dict)
    """By role: its candidates and who of them may be chosen, found once for a batch."""
