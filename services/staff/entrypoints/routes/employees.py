"""Employees over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.staff.adapters.tables import employees, members
from services.staff.application.commands.save_employee import (
    ChangeEmployee,
    CreateEmployee,
    change_employee,
    create_employee,
)
from services.staff.domain.employee import Employee
from services.staff.domain.errors import EmployeeMissingError
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import EmployeeCreate, EmployeeOut, EmployeePatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Listing, Page, as_bool, as_uuid, fetch, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/employees", tags=["employees"])


def _in_roles(values: list[str]) -> object:
    wanted = [as_uuid(value) for value in values]
    return employees.c.id.in_(select(members.c.employee_id).where(members.c.role_id.in_(wanted)))


_LISTING = Listing(
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


async def _with_roles(connection: AsyncConnection, rows: list[RowMapping]) -> list[EmployeeOut]:
    ids = [row["id"] for row in rows]
    statement = (
        select(members.c.employee_id, func.array_agg(members.c.role_id))
        .where(members.c.employee_id.in_(ids))
        .group_by(members.c.employee_id)
    )
    found = {employee_id: list(role_ids) for employee_id, role_ids in await connection.execute(statement)}
    return [EmployeeOut.of(Employee(**row), sorted(found.get(row["id"], []), key=str)) for row in rows]


@router.get("")
async def list_employees(request: Request, app: App, who: Who) -> Page[EmployeeOut]:
    """List employees."""
    who.require("employees", "read")
    query = parse(request, _LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await fetch(connection, select(employees), query, _LISTING)
        return Page(items=await _with_roles(connection, list(rows)), next_cursor=cursor)


@router.get("/{employee_id}")
async def get_employee(employee_id: UUID, response: Response, app: App, who: Who) -> EmployeeOut:
    """Read one employee."""
    who.require("employees", "read")
    async with app.engine.connect() as connection:
        statement = select(employees).where(employees.c.id == employee_id)
        row = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise EmployeeMissingError
        found = (await _with_roles(connection, [row]))[0]
    put_etag(response, found.version)
    return found


@router.post("", status_code=201)
async def add_employee(body: EmployeeCreate, response: Response, app: App, who: Who) -> EmployeeOut:
    """Create an employee."""
    who.require("employees", "edit")
    command = CreateEmployee(body.login, body.name, body.password, tuple(body.role_ids or ()), body.changed())
    command.settings.pop("name", None)
    async with app.work() as work:
        employee = await create_employee(command, work, app.passwords, app.clock())
    put_etag(response, employee.version)
    return EmployeeOut.of(employee, sorted(set(command.role_ids), key=str))


@router.patch("/{employee_id}")
async def patch_employee(
    employee_id: UUID, body: EmployeePatch, request: Request, response: Response, app: App, who: Who
) -> EmployeeOut:
    """Change an employee; needs If-Match."""
    who.require("employees", "edit")
    roles = tuple(body.role_ids) if body.role_ids is not None else None
    async with app.work() as work:
        command = ChangeEmployee(employee_id, body.changed(), body.password, roles, if_match(request))
        before = [role.id for role in await work.people.roles_of(employee_id)]
        with showing_current(lambda current: EmployeeOut.of(current, before)):
            employee = await change_employee(command, work, app.passwords, app.clock())
        found = [role.id for role in await work.people.roles_of(employee_id)]
    put_etag(response, employee.version)
    return EmployeeOut.of(employee, found)
