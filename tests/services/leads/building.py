"""Building inquiries and snapshots for the tests of leads."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.leads.domain.inquiry import Incoming, Key
from services.leads.domain.intake import Decisions
from services.leads.domain.snapshot import (
    Channel,
    Contact,
    Employee,
    Identity,
    OpenLead,
    Point,
    Responsible,
    Snapshot,
)

T0 = datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
CHANNEL = UUID("11111111-1111-4111-8111-111111111111")


def phone(number: int) -> Key:
    """Return the key of the n-th phone."""
    return Key("phone", f"7900{number:07}")


def email(number: int) -> Key:
    """Return the key of the n-th address."""
    return Key("email", f"client{number}@example.com")


def incoming(*keys: Key, at: int = 0, identity: UUID | None = None, **changes: Any) -> Incoming:
    """Return an inquiry that came `at` seconds after T0 with these keys."""
    moment = T0 + timedelta(seconds=at)
    values: dict[str, Any] = {
        "id": identity or uuid4(),
        "channel_id": CHANNEL,
        "kind": "form",
        "external_id": str(at),
        "occurred_at": moment,
        "received_at": moment,
        "keys": tuple(keys),
        "name": "",
        "phones": tuple(f"+{key.value}" for key in keys if key.kind == "phone"),
        "emails": tuple(key.value for key in keys if key.kind == "email"),
        "text": f"text {at}",
        "suspected_spam": False,
        "content": "{}",
        "raw_type": "",
        "raw": "{}",
    }
    return Incoming(**{**values, **changes})


class World:
    """The state of leads between batches, as the database would keep it."""

    def __init__(self, channel: Channel | None = None) -> None:
        self.channel = channel or Channel(CHANNEL, "Сайт", "form")
        self.identities: dict[Key, Identity] = {}
        self.leads: dict[UUID, OpenLead] = {}
        self.stored: set[UUID] = set()
        self.lead_of: dict[UUID, UUID | None] = {}
        self.employees: dict[UUID, Employee] = {}
        self.roles: dict[UUID, tuple[UUID, ...]] = {}
        self.cursors: dict[tuple[UUID, UUID], dict[UUID, int]] = {}
        self.contacts: dict[UUID, Contact] = {}
        self.points: dict[Key, tuple[Point, ...]] = {}
        self.assigned: list[Responsible | None] = []

    def snapshot(self) -> Snapshot:
        """Return what a batch would read."""
        return Snapshot(
            stored=frozenset(self.stored),
            channels={self.channel.id: self.channel},
            identities=dict(self.identities),
            leads=dict(self.leads),
            points=dict(self.points),
            contacts=dict(self.contacts),
            employees=dict(self.employees),
            roles=dict(self.roles),
            cursors={key: dict(value) for key, value in self.cursors.items()},
        )

    def apply(self, snapshot: Snapshot, decisions: Decisions) -> None:
        """Keep what the decisions change."""
        self.identities, self.leads, self.cursors = snapshot.identities, snapshot.leads, snapshot.cursors
        for item in decisions.decided:
            self.stored.add(item.inquiry.id)
            self.lead_of[item.inquiry.id] = item.lead_id
            if item.assignment:
                self.assigned.append(item.assignment.responsible)

    def groups(self) -> set[frozenset[UUID]]:
        """Return the inquiries as they are gathered in leads."""
        found: dict[UUID, set[UUID]] = {}
        for inquiry_id, lead_id in self.lead_of.items():
            if lead_id:
                found.setdefault(lead_id, set()).add(inquiry_id)
        return {frozenset(group) for group in found.values()}


def staff(world: World, count: int) -> tuple[UUID, list[UUID]]:
    """Put a role with so many active members into the world."""
    role, members = uuid4(), [uuid4() for _ in range(count)]
    world.roles[role] = tuple(members)
    world.employees |= {member: Employee(member, f"Сотрудник {n}") for n, member in enumerate(members)}
    return role, members


def ids(items: Iterable[Incoming]) -> list[UUID]:
    """Return the ids of inquiries."""
    return [item.id for item in items]
