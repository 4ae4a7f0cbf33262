"""The default matrix of rights, as data: role, object and action, scope (S261-S265); how rights compare."""

from collections.abc import Iterable
from typing import Literal

Scope = Literal["own", "team", "all"]
Grants = dict[str, Scope]

TAKES_LEADS = "leads.take"
EDITS_ROLES = "roles.edit"
ADMINISTERS = ("employees.edit", EDITS_ROLES)

_WIDTH: dict[Scope, int] = {"own": 0, "team": 1, "all": 2}

SCOPED = frozenset({"leads", "inquiries"})
"""Objects of which a part can be granted; of all others a grant means all, and no other scope can be given."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "leads": ("read", "take", "assign", "reject", "move"),
    "inquiries": ("read",),
    "contacts": ("read", "edit"),
    "channels": ("read", "edit"),
    "employees": ("read", "edit"),
    "roles": ("read", "edit"),
    "reasons": ("read", "edit"),
    "company": ("read", "edit"),
}


def _all(scope: Scope, **only: tuple[str, ...]) -> Grants:
    return {f"{target}.{action}": scope for target, actions in only.items() for action in actions}


_SEE = _all(
    "all",
    contacts=("read", "edit"),
    channels=("read",),
    employees=("read",),
    roles=("read",),
    reasons=("read",),
) | _all("all", company=("read",))

DEFAULT: dict[str, tuple[str, Grants]] = {
    "administrator": ("Администратор", _all("all", **ACTIONS)),
    "head": ("Руководитель отдела", {**_SEE, **_all("team", leads=ACTIONS["leads"], inquiries=("read",))}),
    "manager": ("Менеджер по продажам", {**_SEE, **_all("own", leads=ACTIONS["leads"], inquiries=("read",))}),
    "dispatcher": (
        "Диспетчер",
        {**_SEE, **_all("all", leads=("read", "assign", "reject", "move"), inquiries=("read",))},
    ),
}
"""Key of the role -> its name and grants. What is not here is not allowed."""


def known(grants: dict[str, str]) -> bool:
    """Say whether all grants name existing objects and actions, in scopes that the owners can tell apart."""
    names = {f"{target}.{action}" for target, actions in ACTIONS.items() for action in actions}
    return grants.keys() <= names and all(
        scope == "all" or name.partition(".")[0] in SCOPED for name, scope in grants.items()
    )


def union(several: Iterable[Grants]) -> Grants:
    """Return all grants together, the widest scope of each."""
    found: Grants = {}
    for grants in several:
        for name, scope in grants.items():
            found[name] = max(scope, found.get(name, scope), key=lambda each: _WIDTH[each])
    return found


def covers(grants: Grants, others: Grants) -> bool:
    """Say whether the grants allow all that the others allow, as widely."""
    return all(name in grants and _WIDTH[grants[name]] >= _WIDTH[scope] for name, scope in others.items())
