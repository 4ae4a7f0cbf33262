"""Who hears of a change: the audience that its owner computed against what the listener may read."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Scope = Literal["own", "team", "all"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose pages show the thing, as its event says."""

    employees: frozenset[UUID] = frozenset()
    roles: frozenset[UUID] = frozenset()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """An employee at an open page; `scope` None hears nothing, `team` are the members of the roles he heads."""

    employee_id: UUID
    scope: Scope | None = None
    roles: frozenset[UUID] = frozenset()
    heads: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()


def hears(listener: Listener, audience: Audience) -> bool:
    """Say whether the change is the listener's to know; what it is about he reads under his own rights."""
    if listener.scope is None:
        return False
    if listener.scope == "all" or audience.everyone or listener.employee_id in audience.employees:
        return True
    if not listener.roles.isdisjoint(audience.roles):
        return True
    if listener.scope != "team":
        return False
    return not (listener.heads.isdisjoint(audience.roles) and listener.team.isdisjoint(audience.employees))
