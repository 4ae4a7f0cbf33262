"""Who answers for a new lead: candidates, exclusions with reasons, and the choice (S055-S061, B10)."""

import heapq
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.leads.domain.snapshot import Channel, Contact, CursorKey, Responsible, Snapshot, Turn

RULE_VERSION = 1

Candidates = tuple[dict[str, Any], ...]
"""Who was considered: `id`, `name`, and in `excluded` the reason why not, or None."""


@dataclass(slots=True)
class Assignment:
    """The decision record; `responsible` None means everybody who may take leads."""

    strategy: str
    responsible: Responsible | None = None
    pool_role_id: UUID | None = None
    """The role to which the lead goes when it is given back; None: to everybody."""
    candidates: Candidates = ()
    escalated: bool = False

    def record(self) -> dict[str, Any]:
        """Return what is stored for people to read; the candidates are stored beside it, once for all alike."""
        chosen = self.responsible
        return {
            "strategy": self.strategy,
            "chosen": {"type": chosen.type, "id": str(chosen.id)} if chosen else None,
            "escalated": self.escalated,
            "rule_version": RULE_VERSION,
        }


def assign(channel: Channel, contact: Contact | None, snapshot: Snapshot) -> Assignment:
    """Choose for one new lead; advances the cursors and loads of the snapshot, so that the next choice is fair."""
    target = channel.responsible
    role = target.id if target and target.type == "role" else None
    if channel.sticky and contact and contact.responsible_id:
        sticky = _one(contact.responsible_id, "sticky", role, snapshot)
        if sticky.responsible:
            return sticky
    if target is None:
        return Assignment("everyone")
    if target.type == "employee":
        chosen = _one(target.id, "employee", None, snapshot)
        chosen.escalated = chosen.responsible is None
        return chosen
    candidates, eligible = _pool(target.id, snapshot)
    if not eligible:
        return Assignment(channel.strategy, candidates=candidates, escalated=True)
    if channel.strategy == "everyone":
        return Assignment("everyone", Responsible("role", target.id), target.id, candidates)
    by_load = channel.strategy == "least_loaded"
    employee = _next(eligible, (target.id, channel.id), snapshot, by_load=by_load)
    return Assignment(channel.strategy, Responsible("employee", employee), target.id, candidates)


def _one(employee_id: UUID, strategy: str, role: UUID | None, snapshot: Snapshot) -> Assignment:
    seen = _candidate(employee_id, snapshot)
    chosen = Responsible("employee", employee_id) if seen["excluded"] is None else None
    return Assignment(strategy, chosen, role, (seen,))


def _pool(role: UUID, snapshot: Snapshot) -> tuple[Candidates, list[UUID]]:
    """Return all members of the role as candidates, and those who may be chosen; the same for a whole batch."""
    known = snapshot.pools.get(role)
    if known is None:
        members = snapshot.roles.get(role, ())
        candidates = tuple(_candidate(member, snapshot) for member in members)
        eligible = [
            member for member, seen in zip(members, candidates, strict=True) if seen["excluded"] is None
        ]
        known = snapshot.pools[role] = (candidates, eligible)
    return known


def _candidate(employee_id: UUID, snapshot: Snapshot) -> dict[str, Any]:
    employee = snapshot.employees.get(employee_id)
    excluded = None
    if employee is None:
        excluded = "unknown"
    elif not employee.is_active:
        excluded = "inactive"
    elif not employee.takes_leads:
        excluded = "no_right"
    return {"id": str(employee_id), "name": employee.name if employee else "", "excluded": excluded}


def _next(eligible: list[UUID], cursor: CursorKey, snapshot: Snapshot, *, by_load: bool) -> UUID:
    """Take who had the fewest, or has the fewest open leads now, equals in turn.

    The turns of a cursor are a heap for the length of a batch, so that a large role costs no more than a small one.
    """
    turns = snapshot.turns.get(cursor)
    if turns is None:
        turns = snapshot.turns[cursor] = _turns(eligible, cursor, snapshot, by_load=by_load)
    while by_load and turns[0].load != (now := snapshot.load.get(turns[0].employee, 0)):
        heapq.heapreplace(turns, turns[0]._replace(load=now))  # another channel of the batch gave him a lead
    first = turns[0]
    heapq.heapreplace(turns, first._replace(load=first.load + by_load, given=first.given + 1))
    snapshot.cursors[cursor][first.employee] = first.given + 1
    if by_load:
        snapshot.load[first.employee] = first.load + 1
    return first.employee


def _turns(eligible: list[UUID], cursor: CursorKey, snapshot: Snapshot, *, by_load: bool) -> list[Turn]:
    """Return the heap; a newcomer starts at the others' minimum, so nobody is flooded or starved."""
    before = snapshot.cursors.get(cursor, {})
    floor = min((before[item] for item in eligible if item in before), default=0)
    counts = snapshot.cursors[cursor] = {item: before.get(item, floor) for item in eligible}
    loads = snapshot.load if by_load else {}
    turns = [Turn(loads.get(item, 0), counts[item], str(item), item) for item in eligible]
    heapq.heapify(turns)
    return turns
