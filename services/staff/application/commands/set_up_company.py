"""The first start: built-in roles and an administrator, so that somebody can get in."""

from datetime import datetime

from services.staff.application.commands.save_employee import (
    ChangeEmployee,
    CreateEmployee,
    change_employee,
    create_employee,
)
from services.staff.application.commands.save_role import create_role
from services.staff.application.ports import Passwords, Work
from services.staff.domain.grants import DEFAULT

ADMINISTRATOR = "admin"


async def set_up_company(password: str, work: Work, passwords: Passwords, now: datetime) -> None:
    """Make the built-in roles and the administrator once; a given password is set at every start."""
    for key, (name, grants) in DEFAULT.items():
        if await work.people.role_by_key(key) is None:
            await create_role({"key": key, "name": name, "grants": grants}, work, now)
    if not password:
        return
    known = await work.people.by_login(ADMINISTRATOR)
    if known is None:
        role = await work.people.role_by_key("administrator")
        roles = (role.id,) if role else ()
        command = CreateEmployee(ADMINISTRATOR, "Администратор", password, roles)
        await create_employee(command, work, passwords, now)
    elif not await passwords.matches(known.password_hash, password):
        await change_employee(ChangeEmployee(known.id, {}, password), work, passwords, now)
