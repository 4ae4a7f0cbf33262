"""Log in: an opaque token for a login and its password, throttled also when tried in parallel."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.staff.application.ports import Passwords
from services.staff.domain.employee import Employee
from services.staff.domain.errors import TooManyAttemptsError, WrongCredentialsError

_TOKEN_BYTES = 32
_MOST_ATTEMPTS = 10
_WINDOW = timedelta(minutes=5)
SHORT, LONG = timedelta(hours=12), timedelta(days=14)


class Sessions(Protocol):
    """Attempts and sessions, each written at once."""

    async def note_attempt(self, login: str, since: datetime, now: datetime) -> int:
        """Record an attempt and return how many there were since then, this one included."""
        ...

    async def forget_attempts(self, login: str) -> None:
        """Forget the attempts of a login that succeeded."""
        ...

    async def by_login(self, login: str) -> Employee | None:
        """Return the employee with this login or e-mail."""
        ...

    async def open(self, token_hash: bytes, employee_id: UUID, now: datetime, expires_at: datetime) -> None:
        """Store a session."""
        ...


@dataclass(frozen=True, slots=True)
class LogIn:
    """What was typed; `remember` asks for 14 days instead of 12 hours."""

    login: str
    password: str
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A session: the token is shown once and stored only as a hash."""

    token: str
    expires_at: datetime
    employee: Employee


def token_hash(token: str) -> bytes:
    """Return what is stored of an opaque token."""
    return hashlib.sha256(token.encode()).digest()


async def log_in(command: LogIn, sessions: Sessions, passwords: Passwords, now: datetime) -> Opened:
    """Open a session; WrongCredentialsError says not which of the two was wrong, TooManyAttemptsError after ten."""
    login = command.login.strip().lower()[:200]
    if await sessions.note_attempt(login, now - _WINDOW, now) > _MOST_ATTEMPTS:
        raise TooManyAttemptsError(status=429)
    employee = await sessions.by_login(login)
    fits = await passwords.matches(employee.password_hash if employee else "", command.password)
    if not fits or employee is None or not employee.is_active:
        raise WrongCredentialsError
    await sessions.forget_attempts(login)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + (LONG if command.remember else SHORT)
    await sessions.open(token_hash(token), employee.id, now, expires_at)
    return Opened(token, expires_at, employee)
