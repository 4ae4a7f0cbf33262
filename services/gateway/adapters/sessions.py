"""Sessions: opaque tokens exchanged at staff for signed ones, remembered until shortly before these expire."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.http.client import UnitClient
from shared.http.client_address import CLIENT_ADDRESS
from shared.http.tokens import KeyRing, Principal
from shared.kernel.clock import Clock
from shared.kernel.errors import UnauthorizedError, VoronkaError

_SHORTLY = timedelta(seconds=10)
_MOST = 20_000
_LONGEST_TOKEN = 200
_LOG_IN_WITHIN_S = 5.0


@dataclass(slots=True)
class Session:
    """A living session: the opaque token, the signed one, and who it is."""

    token: str = field(repr=False)
    signed: str = field(repr=False)
    principal: Principal
    until: datetime
    me: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as staff opened it."""

    token: str = field(repr=False)
    expires_at: datetime


def hash_of(token: str) -> str:
    """Return what staff names a session by when it tells others of it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class Sessions:
    """Exchanges tokens, one flight for each; forgets at once what is no longer true."""

    def __init__(self, staff: UnitClient, keys: KeyRing, clock: Clock) -> None:
        self._staff = staff
        self._keys = keys
        self._clock = clock
        self._known: dict[str, Session] = {}
        self._flights: dict[str, asyncio.Task[Session]] = {}
        self._forgotten = 0

    async def of(self, token: str) -> Session:
        """Return the session of a token; UnauthorizedError when it has ended, BusyError when staff is away."""
        if not token or len(token) > _LONGEST_TOKEN:
            raise UnauthorizedError
        known = self._known.get(token)
        if known and known.until > self._clock():
            return known
        flight = self._flights.get(token)
        if flight is None:
            flight = self._flights[token] = asyncio.create_task(self._exchange(token))
            flight.add_done_callback(lambda done: self._landed(token, done))
        return await asyncio.shield(flight)

    def _landed(self, token: str, flight: asyncio.Task[Session]) -> None:
        self._flights.pop(token, None)
        if not flight.cancelled():
            flight.exception()  # seen, even if whoever waited for it is gone

    async def _exchange(self, token: str) -> Session:
        before = self._forgotten
        found = await self._staff.request("POST", "/internal/token-exchange", json={"token": token})
        now = self._clock()
        signed = str(found["access_token"])
        until = min(datetime.fromisoformat(found["expires_at"]), now + timedelta(minutes=2)) - _SHORTLY
        session = Session(token, signed, self._keys.verify(signed, now), until)
        if before == self._forgotten:  # else something changed while staff was answering: ask again next time
            self._remember(session, now)
        return session

    def _remember(self, session: Session, now: datetime) -> None:
        if len(self._known) >= _MOST:
            self._known = {token: kept for token, kept in self._known.items() if kept.until > now}
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[session.token] = session

    async def me(self, session: Session) -> dict[str, Any]:
        """Return name, login, roles and language; only the name when staff does not answer in time."""
        if session.me is None:
            try:
                session.me = await self._staff.get("/api/v1/me", token=session.signed)
            except UnauthorizedError:
                raise
            except VoronkaError:
                who = session.principal
                return {"id": who.subject, "name": who.name, "login": "", "email": "", "roles": []}
        return session.me

    def forget(self, token: str) -> None:
        """Forget one session."""
        self._forgotten += 1
        self._known.pop(token, None)

    def forget_hash(self, token_hash: str) -> None:
        """Forget the session whose token has this hash."""
        self._forgotten += 1
        gone = [token for token in self._known if hash_of(token) == token_hash]
        for token in gone:
            del self._known[token]

    def forget_employee(self, employee_id: UUID) -> None:
        """Forget all sessions of an employee."""
        self._forgotten += 1
        subject = str(employee_id)
        gone = [token for token, kept in self._known.items() if kept.principal.subject == subject]
        for token in gone:
            del self._known[token]

    def forget_all(self) -> None:
        """Forget everything: changes may have been missed."""
        self._forgotten += 1
        self._known.clear()

    async def log_in(self, login: str, password: str, address: str, *, remember: bool) -> Opened:
        """Open a session; UnauthorizedError, the slug `too-many-attempts`, or BusyError."""
        body = {"login": login, "password": password, "remember": remember}
        found = await self._staff.request(
            "POST", "/api/v1/session", json=body, headers={CLIENT_ADDRESS: address}, within_s=_LOG_IN_WITHIN_S
        )
        return Opened(str(found["token"]), datetime.fromisoformat(found["expires_at"]).astimezone(UTC))

    async def log_out(self, token: str) -> None:
        """Close a session at staff and forget it here in any case."""
        try:
            await self._staff.request("DELETE", "/api/v1/session", headers={"X-Session-Token": token})
        finally:
            self.forget(token)
