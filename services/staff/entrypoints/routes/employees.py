"""Employees over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.staff.adapters import views
from services.staff.application.commands.save_employee import (
    ChangeEmployee,
    CreateEmployee,
    change_employee,
    create_employee,
)
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import EmployeeCreate, EmployeeOut, EmployeePatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Page, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/employees", tags=["employees"])


@router.get("")
async def list_employees(request: Request, app: App, who: Who) -> Page[EmployeeOut]:
    """List employees."""
    who.require("employees", "read")
    found, cursor = await views.list_employees(app.engine, parse(request, views.EMPLOYEES))
    return Page(items=[EmployeeOut.of(*item) for item in found], next_cursor=cursor)


@router.get("/{employee_id}")
async def get_employee(employee_id: UUID, response: Response, app: App, who: Who) -> EmployeeOut:
    """Read one employee."""
    who.require("employees", "read")
    employee, role_ids = await views.read_employee(app.engine, employee_id)
    put_etag(response, employee.version)
    return EmployeeOut.of(employee, role_ids)


@router.post("", status_code=201)
async def add_employee(body: EmployeeCreate, response: Response, app: App, who: Who) -> EmployeeOut:
    """Create an employee."""
    who.require("employees", "edit")
    roles = tuple(body.role_ids) if body.role_ids is not None else None
    command = CreateEmployee(body.login, body.name, body.password, roles, body.changed(), who.grants)
    command.settings.pop("name", None)
    async with app.work() as work:
        employee = await create_employee(command, work, app.passwords, app.clock())
    put_etag(response, employee.version)
    return EmployeeOut.of(employee, sorted(set(roles or ()), key=str))


@router.patch("/{employee_id}")
async def patch_employee(
    employee_id: UUID, body: EmployeePatch, request: Request, response: Response, app: App, who: Who
) -> EmployeeOut:
    """Change an employee; needs If-Match."""
    who.require("employees", "edit")
    roles = tuple(body.role_ids) if body.role_ids is not None else None
    async with app.work() as work:
        version = if_match(request)
        command = ChangeEmployee(employee_id, body.changed(), body.password, roles, version, who.grants)
        before = [role.id for role in await work.people.roles_of(employee_id)]
        with showing_current(lambda current: EmployeeOut.of(current, before)):
            employee = await change_employee(command, work, app.passwords, app.clock())
        found = [role.id for role in await work.people.roles_of(employee_id)]
    put_etag(response, employee.version)
    return EmployeeOut.of(employee, found)
