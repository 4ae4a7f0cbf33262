"""Employees and roles in PostgreSQL."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.staff.adapters.tables import employees, members, roles, sessions
from services.staff.domain.employee import Employee, Role
from services.staff.domain.errors import (
    EmployeeMissingError,
    LoginTakenError,
    PersonUnknownError,
    RoleMissingError,
)
from services.staff.domain.grants import ADMINISTERS


class SqlPeople:
    """Stores employees and roles through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, employee: Employee) -> Employee:
        """Store a new employee; LoginTakenError if his login or e-mail is in use."""
        statement = employees.insert().values(**_employee_row(employee)).returning(employees.c.number)
        try:
            async with self._connection.begin_nested():
                return replace(employee, number=(await self._connection.execute(statement)).scalar_one())
        except IntegrityError as error:
            raise LoginTakenError from error

    async def get(self, employee_id: UUID) -> Employee:
        """Return the employee, locked; EmployeeMissingError if there is none."""
        statement = select(employees).where(employees.c.id == employee_id).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise EmployeeMissingError
        return Employee(**row)

    async def by_login(self, login: str) -> Employee | None:
        """Return the employee with this login, else the one with this e-mail."""
        if not login:
            return None
        statement = (
            select(employees)
            .where(or_(employees.c.login == login, func.lower(employees.c.email) == login))
            .order_by((employees.c.login == login).desc())
            .limit(1)
        )
        row = (await self._connection.execute(statement)).mappings().first()
        return Employee(**row) if row else None

    async def save(self, employee: Employee) -> None:
        """Store a changed employee."""
        statement = employees.update().where(employees.c.id == employee.id).values(**_employee_row(employee))
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
        except IntegrityError as error:
            raise LoginTakenError from error

    async def roles_of(self, employee_id: UUID) -> list[Role]:
        """Return the roles of an employee."""
        own = select(members.c.role_id).where(members.c.employee_id == employee_id)
        statement = roles_with_members().where(roles.c.id.in_(own)).order_by(roles.c.name)
        return [to_role(row) for row in (await self._connection.execute(statement)).mappings()]

    async def add_role(self, role: Role) -> None:
        """Store a new role with its members; PersonUnknownError if one of them does not exist."""
        await self._put_role(role, roles.insert().values(**_role_row(role)))

    async def get_role(self, role_id: UUID) -> Role:
        """Return the role, locked; RoleMissingError if there is none."""
        await self._connection.execute(select(roles.c.id).where(roles.c.id == role_id).with_for_update())
        statement = roles_with_members().where(roles.c.id == role_id)
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise RoleMissingError
        return to_role(row)

    async def role_by_key(self, key: str) -> Role | None:
        """Return a built-in role."""
        row = (
            (await self._connection.execute(roles_with_members().where(roles.c.key == key)))
            .mappings()
            .first()
        )
        return to_role(row) if row else None

    async def save_role(self, role: Role) -> None:
        """Store a changed role with its members; PersonUnknownError if one of them does not exist."""
        await self._connection.execute(delete(members).where(members.c.role_id == role.id))
        await self._put_role(role, roles.update().where(roles.c.id == role.id).values(**_role_row(role)))

    async def heads(self, employee_id: UUID) -> list[UUID]:
        """Return the roles that an employee heads, a member or not."""
        statement = select(roles.c.id).where(roles.c.head_id == employee_id)
        return list((await self._connection.execute(statement)).scalars())

    async def administrators(self) -> int:
        """Return how many employees can log in and edit employees and roles."""
        able = (
            select(members.c.employee_id)
            .join(roles, roles.c.id == members.c.role_id)
            .join(employees, employees.c.id == members.c.employee_id)
            .where(employees.c.is_active, employees.c.password_hash != "")
            .group_by(members.c.employee_id)
            .having(and_(*(func.bool_or(roles.c.grants.has_key(grant)) for grant in ADMINISTERS)))
        )
        statement = select(func.count()).select_from(able.subquery())
        return int((await self._connection.execute(statement)).scalar_one())

    async def end_sessions(self, employee_id: UUID) -> None:
        """End all sessions of an employee."""
        await self._connection.execute(delete(sessions).where(sessions.c.employee_id == employee_id))

    async def _put_role(self, role: Role, statement: Any) -> None:
        rows = [{"role_id": role.id, "employee_id": member} for member in set(role.member_ids)]
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
                if rows:
                    await self._connection.execute(members.insert(), rows)
        except IntegrityError as error:
            raise PersonUnknownError(errors=[{"field": "member_ids"}, {"field": "head_id"}]) from error


def roles_with_members() -> Any:
    """Return the select of roles with their members in one row."""
    gathered = (
        select(func.array_agg(members.c.employee_id)).where(members.c.role_id == roles.c.id).scalar_subquery()
    )
    return select(roles, gathered.label("member_ids"))


def to_role(row: RowMapping) -> Role:
    """Return the role that a row holds."""
    return Role(**{**row, "member_ids": tuple(sorted(row["member_ids"] or (), key=str))})


def _employee_row(employee: Employee) -> dict[str, Any]:
    row = asdict(employee)
    del row["number"]
    return row


def _role_row(role: Role) -> dict[str, Any]:
    row = asdict(role)
    del row["member_ids"]
    return row
