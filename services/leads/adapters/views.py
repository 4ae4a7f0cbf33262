"""Reading leads for lists and cards: only columns of this unit, names from its own copies."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, RowMapping, Select, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.known import known_channels, known_contacts, known_employees, known_roles
from services.leads.adapters.tables import leads, rejection_reasons
from services.leads.domain.access import Viewer
from services.leads.domain.errors import LeadMissingError
from services.leads.domain.search import search_terms
from shared.http.pages import BadParameterError, Listing, as_number, as_time, as_uuid

COUNT_MOST = 10_000
_LARGEST = 2**63 - 1

_RANGES = {
    "created_at": leads.c.created_at,
    "claimed_at": leads.c.claimed_at,
    "closed_at": leads.c.closed_at,
    "last_inquiry_at": leads.c.last_inquiry_at,
}


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that `may_see` states, over the columns of a lead."""
    if viewer.scope == "all":
        return true()
    roles, people = set(viewer.roles), {viewer.employee_id}
    if viewer.scope == "team":
        roles |= viewer.heads
        people |= viewer.team
    return or_(leads.c.responsible_id.is_(None), _held_by(people, roles))


def _held_by(people: set[UUID], roles: set[UUID]) -> ColumnElement[bool]:
    return or_(
        and_(leads.c.responsible_type == "employee", leads.c.responsible_id.in_(people)),
        and_(leads.c.responsible_type == "role", leads.c.responsible_id.in_(roles)) if roles else false(),
    )


def _assigned(viewer: Viewer, value: str) -> ColumnElement[bool]:
    if value == "all":
        return true()
    if value == "me":
        return or_(leads.c.responsible_id.is_(None), _held_by({viewer.employee_id}, set(viewer.roles)))
    if value == "team":
        held = _held_by({viewer.employee_id, *viewer.colleagues}, {*viewer.roles, *viewer.heads})
        return or_(leads.c.responsible_id.is_(None), held)
    raise BadParameterError("assigned_to is me, team or all")


def search(q: str) -> ColumnElement[bool]:
    """Return the condition of a search: parts of the name, of a number's digits, of an address, or «№ 1284»."""
    words, number = search_terms(q)
    found = and_(*(leads.c.search.contains(word, autoescape=True) for word in words))
    return or_(found, leads.c.number == number) if number is not None and number <= _LARGEST else found


def _range(column: Column[datetime], *, begins: bool) -> Callable[[list[str]], Any]:
    def condition(values: list[str]) -> ColumnElement[bool]:
        at = as_time(values[-1])
        return column >= at if begins else column < at

    return condition


def _ids(column: Column[Any]) -> Callable[[list[str]], Any]:
    return lambda values: column.in_([as_uuid(value) for value in values])


def listing(viewer: Viewer) -> Listing:
    """Return what the list of leads can be asked by this viewer."""
    filters: dict[str, Callable[[list[str]], Any]] = {
        "status": leads.c.status.in_,
        "kind": leads.c.kind.in_,
        "channel_id": _ids(leads.c.channel_id),
        "responsible_id": _ids(leads.c.responsible_id),
        "contact_id": _ids(leads.c.contact_id),
        "number": lambda values: leads.c.number.in_(list(map(as_number, values))),
        "assigned_to": lambda values: _assigned(viewer, values[-1]),
    }
    for name, column in _RANGES.items():
        filters[f"{name}_from"] = _range(column, begins=True)
        filters[f"{name}_to"] = _range(column, begins=False)
    return Listing(
        table_id=leads.c.id,
        sorts={**_RANGES, "updated_at": leads.c.updated_at, "number": leads.c.number},
        default_sort="created_at",
        filters=filters,
        search=search,
        updated=leads.c.updated_at,
    )


def select_leads() -> Select[Any]:
    """Return the select of leads with the names that a card shows."""
    return (
        select(
            leads,
            known_channels.c.name.label("channel_name"),
            known_channels.c.kind.label("channel_kind"),
            known_contacts.c.name.label("contact_name"),
            func.coalesce(known_employees.c.name, known_roles.c.name).label("responsible_name"),
            rejection_reasons.c.name.label("reason_name"),
        )
        .outerjoin(known_channels, known_channels.c.id == leads.c.channel_id)
        .outerjoin(known_contacts, known_contacts.c.id == leads.c.contact_id)
        .outerjoin(known_employees, known_employees.c.id == leads.c.responsible_id)
        .outerjoin(known_roles, known_roles.c.id == leads.c.responsible_id)
        .outerjoin(rejection_reasons, rejection_reasons.c.id == leads.c.rejection_reason_id)
    )


async def read_lead(connection: AsyncConnection, lead_id: UUID, viewer: Viewer) -> RowMapping:
    """Return one lead as cards show it; LeadMissingError if there is none or the viewer may not see it."""
    statement = select_leads().where(leads.c.id == lead_id, visible(viewer))
    row: RowMapping | None = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise LeadMissingError
    return row


async def count_leads(connection: AsyncConnection, conditions: list[Any]) -> tuple[int, bool]:
    """Return how many leads fit, counted by index up to the cap, and whether there are more."""
    some = select(leads.c.id).where(*conditions).limit(COUNT_MOST + 1).subquery()
    found = int((await connection.execute(select(func.count()).select_from(some))).scalar_one())
    return min(found, COUNT_MOST), found > COUNT_MOST


async def assignees(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Return the employees who may take leads and the roles that have any, for handing over."""
    people = select(known_employees).where(known_employees.c.is_active, known_employees.c.takes_leads)
    rows = (await connection.execute(people.order_by(known_employees.c.name))).mappings().all()
    takers = {row["id"]: row["name"] for row in rows}
    roles = (await connection.execute(select(known_roles).order_by(known_roles.c.name))).mappings().all()
    names = {member: role["name"] for role in reversed(roles) for member in role["member_ids"]}
    found = [
        {"type": "role", "id": role["id"], "name": role["name"], "detail": ""}
        for role in roles
        if any(member in takers for member in role["member_ids"])
    ]
    found += [
        {"type": "employee", "id": identity, "name": name, "detail": names.get(identity, "")}
        for identity, name in takers.items()
    ]
    return found


async def names_of(connection: AsyncConnection, wanted: Mapping[str, set[UUID]]) -> dict[UUID, str]:
    """Return the names of contacts, leads, employees and roles, one query for each kind that is asked for."""
    sources = {
        "contact": (known_contacts, known_contacts.c.name),
        "lead": (leads, leads.c.name),
        "employee": (known_employees, known_employees.c.name),
        "role": (known_roles, known_roles.c.name),
    }
    found: dict[UUID, str] = {}
    for kind, ids in wanted.items():
        if ids and kind in sources:
            table, name = sources[kind]
            rows = await connection.execute(select(table.c.id, name).where(table.c.id.in_(ids)))
            found.update({row[0]: row[1] for row in rows})
    return found
