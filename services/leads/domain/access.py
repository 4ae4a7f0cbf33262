"""Who may see a lead and act on it, by the scope of his grant (S058, S061)."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.leads.domain.snapshot import Responsible

Scope = Literal["own", "team", "all"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """An employee as far as access to leads goes.

    `team` are the employees of the roles he heads, `colleagues` also those of the roles he is in.
    """

    employee_id: UUID
    roles: frozenset[UUID]
    scope: Scope
    heads: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()
    colleagues: frozenset[UUID] = frozenset()


def may_see(viewer: Viewer, responsible: Responsible | None) -> bool:
    """Say whether a lead of this responsible is the viewer's to see.

    Nobody's in particular is everybody's; a role's is its members'; with `team` also what the members have.
    """
    if viewer.scope == "all" or responsible is None:
        return True
    if responsible.type == "role":
        return responsible.id in viewer.roles or (viewer.scope == "team" and responsible.id in viewer.heads)
    return responsible.id == viewer.employee_id or (viewer.scope == "team" and responsible.id in viewer.team)
