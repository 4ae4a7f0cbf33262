"""Reading employees and roles for lists and cards."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.staff.adapters.repository import roles_with_members, to_role
from services.staff.adapters.tables import employees, members, roles
from services.staff.domain.employee import Employee, Role
from services.staff.domain.errors import EmployeeMissingError, RoleMissingError
from shared.http.pages import Listing, Query, as_bool, as_uuid, fetch

InRoles = tuple[Employee, list[UUID]]
"""An employee and the ids of the roles he is in."""


def _in_roles(values: list[str]) -> object:
    wanted = [as_uuid(value) for value in values]
    return employees.c.id.in_(select(members.c.employee_id).where(members.c.role_id.in_(wanted)))


EMPLOYEES = Listing(
    table_id=employees.c.id,
    sorts={
        "name": employees.c.name,
        "created_at": employees.c.created_at,
        "updated_at": employees.c.updated_at,
    },
    default_sort="name",
    filters={
        "is_active": lambda values: employees.c.is_active.in_(list(map(as_bool, values))),
        "role_id": _in_roles,
    },
    search=lambda q: or_(
        employees.c.name.icontains(q, autoescape=True), employees.c.login.icontains(q, autoescape=True)
    ),
    updated=employees.c.updated_at,
)
"""What the list of employees can be asked."""

ROLES = Listing(
    table_id=roles.c.id,
    sorts={"name": roles.c.name, "created_at": roles.c.created_at, "updated_at": roles.c.updated_at},
    default_sort="name",
    filters={"key": roles.c.key.in_},
    search=lambda q: roles.c.name.icontains(q, autoescape=True),
    updated=roles.c.updated_at,
)
"""What the list of roles can be asked."""


async def list_employees(engine: AsyncEngine, query: Query) -> tuple[Sequence[InRoles], str | None]:
    """Return the employees of one page and the cursor of the next."""
    async with engine.connect() as connection:
        rows, cursor = await fetch(connection, select(employees), query, EMPLOYEES)
        return await _with_roles(connection, rows), cursor


async def read_employee(engine: AsyncEngine, employee_id: UUID) -> InRoles:
    """Return one employee; EmployeeMissingError if there is none."""
    async with engine.connect() as connection:
        statement = select(employees).where(employees.c.id == employee_id)
        row = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise EmployeeMissingError
        return (await _with_roles(connection, [row]))[0]


async def list_roles(engine: AsyncEngine, query: Query) -> tuple[Sequence[Role], str | None]:
    """Return the roles of one page with their members, and the cursor of the next."""
    async with engine.connect() as connection:
        rows, cursor = await fetch(connection, roles_with_members(), query, ROLES)
    return [to_role(row) for row in rows], cursor


async def read_role(engine: AsyncEngine, role_id: UUID) -> Role:
    """Return one role with its members; RoleMissingError if there is none."""
    async with engine.connect() as connection:
        row = (await connection.execute(roles_with_members().where(roles.c.id == role_id))).mappings().first()
    if row is None:
        raise RoleMissingError
    return to_role(row)


async def _with_roles(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[InRoles]:
    statement = (
        select(members.c.employee_id, func.array_agg(members.c.role_id))
        .where(members.c.employee_id.in_([row["id"] for row in rows]))
        .group_by(members.c.employee_id)
    )
    found = {employee_id: list(role_ids) for employee_id, role_ids in await connection.execute(statement)}
    return [(Employee(**row), sorted(found.get(row["id"], []), key=str)) for row in rows]
