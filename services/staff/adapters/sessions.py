"""Attempts and sessions: each step commits at once, so that parallel tries see each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Delete, RowMapping, Table, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.staff.adapters.repository import SqlPeople
from services.staff.adapters.tables import attempts, employees, sessions
from services.staff.domain.employee import Employee, Role
from services.staff.domain.throttle import Tries
from shared.contracts.staff import SessionClosed
from shared.messaging.outbox import Outbox

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Found:
    """An employee, the roles he is in, the ids of those that he heads."""

    employee: Employee
    roles: list[Role]
    heads: list[UUID]


@dataclass(frozen=True, slots=True)
class SqlSessions:
    """Sessions over an engine."""

    engine: AsyncEngine
    outbox: Outbox

    async def tries(self, login: str, address: str, since: datetime) -> Tries:
        """Return how often was tried since then."""
        here, there = attempts.c.login == login, attempts.c.address == address
        statement = select(
            func.count().filter(here, there), func.count().filter(there), func.count().filter(here)
        ).where(or_(here, there), attempts.c.at > since)
        async with self.engine.connect() as connection:
            return Tries(*(await connection.execute(statement)).one())

    async def note_attempt(self, login: str, address: str, since: datetime, now: datetime) -> int:
        """Record an attempt, sweep away some that are over, and return the id of the new one."""
        noted = attempts.insert().values(login=login, address=address, at=now).returning(attempts.c.id)
        async with self.engine.begin() as connection:
            attempt = (await connection.execute(noted)).scalar_one()
            await connection.execute(_some_of(attempts, attempts.c.id, attempts.c.at <= since))
        return int(attempt)

    async def forget_attempt(self, attempt: int) -> None:
        """Forget an attempt that was refused before the password was looked at."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(attempts).where(attempts.c.id == attempt))

    async def forget_attempts(self, login: str, address: str) -> None:
        """Forget the attempts of a login from an address that succeeded."""
        both = (attempts.c.login == login, attempts.c.address == address)
        async with self.engine.begin() as connection:
            await connection.execute(delete(attempts).where(*both))

    async def by_login(self, login: str) -> Employee | None:
        """Return the employee with this login or e-mail."""
        async with self.engine.connect() as connection:
            return await SqlPeople(connection).by_login(login)

    async def open(self, token_hash: bytes, employee_id: UUID, now: datetime, expires_at: datetime) -> None:
        """Store a session."""
        async with self.engine.begin() as connection:
            await connection.execute(
                sessions.insert().values(
                    token_hash=token_hash, employee_id=employee_id, created_at=now, expires_at=expires_at
                )
            )
            await connection.execute(_some_of(sessions, sessions.c.token_hash, sessions.c.expires_at <= now))

    async def close(self, token_hash: bytes) -> None:
        """End a session and tell the others in the same transaction; nothing is told of one that nobody has."""
        async with self.engine.begin() as connection:
            ended = await connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))
            if ended.rowcount:
                event = SessionClosed(token_hash=token_hash.hex())
                await self.outbox.add(connection, event, aggregate=UUID(bytes=token_hash[:16]))

    async def find(self, token_hash: bytes, now: datetime) -> Found | None:
        """Return the active employee of a living session with his roles."""
        statement = (
            select(employees)
            .join(sessions, sessions.c.employee_id == employees.c.id)
            .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now, employees.c.is_active)
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return await _found(connection, row)

    async def person(self, employee_id: UUID) -> Found | None:
        """Return an employee with his roles, as he is now."""
        async with self.engine.connect() as connection:
            statement = select(employees).where(employees.c.id == employee_id)
            return await _found(connection, (await connection.execute(statement)).mappings().first())


async def _found(connection: AsyncConnection, row: RowMapping | None) -> Found | None:
    if row is None:
        return None
    people, employee = SqlPeople(connection), Employee(**row)
    return Found(employee, await people.roles_of(employee.id), await people.heads(employee.id))


def _some_of(table: Table, key: Column[Any], condition: ColumnElement[bool]) -> Delete:
    """Return the statement that deletes some rows which are over, leaving those that somebody else deletes."""
    some = select(key).where(condition).limit(_AT_ONCE).with_for_update(skip_locked=True)
    return delete(table).where(key.in_(some))
