"""Create and change employees; who is disabled is out within seconds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.staff.application.ports import Passwords, Work
from services.staff.application.published import employee_changed, role_changed
from services.staff.domain.authority import require_to_change, require_to_put_into_roles
from services.staff.domain.employee import Employee, require_strong
from services.staff.domain.errors import LastAdministratorError, RoleMissingError, RoleUnknownError
from services.staff.domain.grants import Grants, union
from shared.kernel.errors import StaleVersionError
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateEmployee:
    """Login, name and whatever else; without a password he cannot log in yet.

    `role_ids` None gives no roles and needs no right to; `asker` None is staff itself, which may do everything.
    """

    login: str
    name: str
    password: str | None = None
    role_ids: tuple[UUID, ...] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    asker: Grants | None = None


async def create_employee(
    command: CreateEmployee, work: Work, passwords: Passwords, now: datetime
) -> Employee:
    """Store an employee in his roles; LoginTakenError, WeakPasswordError, RoleUnknownError, RolesRightNeededError."""
    if command.asker is not None and command.role_ids is not None:
        require_to_put_into_roles(command.asker)
    secret = ""
    if command.password is not None:
        require_strong(command.password, command.login)
        secret = await passwords.hash(command.password)
    employee = await work.people.add(
        Employee(
            id=new_id(),
            login=command.login,
            name=command.name,
            created_at=now,
            updated_at=now,
            password_hash=secret,
            **command.settings,
        )
    )
    await _join(employee.id, set(command.role_ids or ()), work, now)
    roles = await work.people.roles_of(employee.id)
    await work.publish(employee_changed(employee, roles), aggregate=employee.id)
    return employee


@dataclass(frozen=True, slots=True)
class ChangeEmployee:
    """`role_ids` None leaves the roles as they are; `version` None skips the comparison; `asker` None is staff itself."""

    employee_id: UUID
    settings: dict[str, Any]
    password: str | None = None
    role_ids: tuple[UUID, ...] | None = None
    version: int | None = None
    asker: Grants | None = None


async def change_employee(
    command: ChangeEmployee, work: Work, passwords: Passwords, now: datetime
) -> Employee:
    """Change an employee and his roles; whoever is disabled or gets a new password is logged out everywhere.

    RolesRightNeededError and HigherRightsError if the asker may not; LastAdministratorError if nobody could administer
    the company afterwards; StaleVersionError carries the current employee.
    """
    before = await work.people.get(command.employee_id)
    await _require_authority(command, before, work)
    if command.version is not None and command.version != before.version:
        raise StaleVersionError(current=before)
    settings = dict(command.settings)
    if command.password is not None:
        require_strong(command.password, before.login)
        settings["password_hash"] = await passwords.hash(command.password)
    employee = before.change(settings, now)
    await work.people.save(employee)
    if command.password is not None or not employee.is_active:
        await work.people.end_sessions(employee.id)
    if command.role_ids is not None:
        await _join(employee.id, set(command.role_ids), work, now)
    if not await work.people.administrators():
        raise LastAdministratorError
    roles = await work.people.roles_of(employee.id)
    await work.publish(employee_changed(employee, roles), aggregate=employee.id)
    return employee


async def _require_authority(command: ChangeEmployee, before: Employee, work: Work) -> None:
    """Let nobody rise by changing himself or somebody with more rights; the whole form sent back changes nothing."""
    if command.asker is None:
        return
    if command.role_ids is not None:
        require_to_put_into_roles(command.asker)
    fields = {name for name, value in command.settings.items() if value != getattr(before, name)}
    if command.password is not None:
        fields.add("password")
    theirs = union(role.grants for role in await work.people.roles_of(before.id))
    require_to_change(command.asker, theirs, fields)


async def _join(employee_id: UUID, wanted: set[UUID], work: Work, now: datetime) -> None:
    """Put the employee into exactly these roles."""
    current = {role.id for role in await work.people.roles_of(employee_id)}
    for role_id in sorted(wanted ^ current, key=str):
        try:
            role = await work.people.get_role(role_id)
        except RoleMissingError as error:
            raise RoleUnknownError(errors=[{"field": "role_ids"}]) from error
        members = {*role.member_ids, employee_id} if role_id in wanted else {*role.member_ids} - {employee_id}
        changed = role.change({"member_ids": tuple(sorted(members, key=str))}, now)
        await work.people.save_role(changed)
        await work.publish(role_changed(changed), aggregate=role_id)
