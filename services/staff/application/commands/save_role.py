"""Create and change roles; whoever joins or leaves gets new rights at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.staff.application.ports import Work
from services.staff.application.published import employee_changed, role_changed
from services.staff.domain.employee import Role
from services.staff.domain.errors import LastAdministratorError
from shared.kernel.errors import StaleVersionError
from shared.kernel.ids import new_id


async def create_role(settings: dict[str, Any], work: Work, now: datetime) -> Role:
    """Store a role with its members and tell the others."""
    role = Role(id=new_id(), created_at=now, updated_at=now, **settings)
    await work.people.add_role(role)
    await work.publish(role_changed(role), aggregate=role.id)
    await _tell(set(role.member_ids) | _heads(role), work, now)
    return role


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """`version` is the one that the caller saw; None skips the comparison."""

    role_id: UUID
    settings: dict[str, Any]
    version: int | None = None


async def change_role(command: ChangeRole, work: Work, now: datetime) -> Role:
    """Change a role; LastAdministratorError if nobody could administer the company afterwards."""
    before = await work.people.get_role(command.role_id)
    if command.version is not None and command.version != before.version:
        raise StaleVersionError(current=before)
    role = before.change(command.settings, now)
    await work.people.save_role(role)
    if not await work.people.administrators():
        raise LastAdministratorError
    await work.publish(role_changed(role), aggregate=role.id)
    touched = set(before.member_ids) ^ set(role.member_ids)
    if before.grants != role.grants:
        touched |= set(role.member_ids)
    if before.head_id != role.head_id:
        touched |= _heads(before, role)
    await _tell(touched, work, now)
    return role


def _heads(*roles: Role) -> set[UUID]:
    return {role.head_id for role in roles if role.head_id is not None}


async def _tell(people: set[UUID], work: Work, now: datetime) -> None:
    """Publish members and heads too: what they may has changed, and what is remembered of them is to be forgotten."""
    for employee_id in sorted(people, key=str):
        employee = (await work.people.get(employee_id)).change({}, now)
        await work.people.save(employee)
        roles = await work.people.roles_of(employee_id)
        await work.publish(employee_changed(employee, roles), aggregate=employee_id)
