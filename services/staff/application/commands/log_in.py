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
from services.staff.domain.throttle import WINDOW, Tries, full, too_many
from shared.kernel.errors import BusyError

_TOKEN_BYTES = 32
SHORT, LONG = timedelta(hours=12), timedelta(days=14)


class Sessions(Protocol):
    """Attempts and sessions, each written at once."""

    async def tries(self, login: str, address: str, since: datetime) -> Tries:
        """Return how often was tried since then."""
        ...

    async def note_attempt(self, login: str, address: str, since: datetime, now: datetime) -> int:
        """Record an attempt, sweep away some that are over, and return the id of the new one."""
        ...

    async def forget_attempt(self, attempt: int) -> None:
        """Forget an attempt that was refused before the password was looked at."""
        ...

    async def forget_attempts(self, login: str, address: str) -> None:
        """Forget the attempts of a login from an address that succeeded."""
        ...

    async def by_login(self, login: str) -> Employee | None:
        """Return the employee with this login or e-mail."""
        ...

    async def open(self, token_hash: bytes, employee_id: UUID, now: datetime, expires_at: datetime) -> None:
        """Store a session."""
        ...


@dataclass(frozen=True, slots=True)
class LogIn:
    """What was typed and where; `remember` asks for 14 days instead of 12 hours."""

    login: str
    password: str
    address: str
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
    """Open a session; WrongCredentialsError says not which of the two was wrong.

    TooManyAttemptsError when the login or the address was tried too often, BusyError when too many log in right now.
    """
    login = command.login.strip().lower()[:200]
    employee = await sessions.by_login(login)
    known_as = str(employee.id) if employee else login  # login and e-mail are one
    attempt = await _take_turn(known_as, command.address, sessions, now)
    try:
        fits = await passwords.matches(employee.password_hash if employee else "", command.password)
    except BusyError:
        await sessions.forget_attempt(attempt)
        raise
    if not fits or employee is None or not employee.is_active:
        raise WrongCredentialsError
    await sessions.forget_attempts(known_as, command.address)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + (LONG if command.remember else SHORT)
    await sessions.open(token_hash(token), employee.id, now, expires_at)
    return Opened(token, expires_at, employee)


async def _take_turn(login: str, address: str, sessions: Sessions, now: datetime) -> int:
    """Note the attempt before the password is looked at, so that tries at once see each other; refused ones leave no trace."""
    since = now - WINDOW
    if full(await sessions.tries(login, address, since)):
        raise TooManyAttemptsError(status=429)
    attempt = await sessions.note_attempt(login, address, since, now)
    if too_many(await sessions.tries(login, address, since)):
        await sessions.forget_attempt(attempt)
        raise TooManyAttemptsError(status=429)
    return attempt
