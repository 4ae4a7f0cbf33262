"""The live stream of one open page: what it is told, and when it ends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from fastapi.sse import ServerSentEvent

from services.gateway.adapters.known import Teams
from services.gateway.adapters.sessions import Session
from services.gateway.application.streams import Change, Stream
from services.gateway.domain.audience import Listener
from shared.kernel.errors import BusyError, UnauthorizedError

LOOK_EVERY_S = 30.0
RETRY_MS = 1_000

Renew = Callable[[], Awaitable[Listener]]


def listener_of(session: Session, teams: Teams) -> Listener:
    """Return what an employee may hear of; `teams` are the members of all roles."""
    who = session.principal
    scope = who.grants.get("leads.read")
    team: frozenset[UUID] = frozenset()
    if scope == "team":
        team = frozenset().union(*(teams.get(role, frozenset()) for role in who.heads))
    return Listener(UUID(who.subject), scope, who.roles, who.heads, team)


def moment_of(value: str | None) -> datetime | None:
    """Return the time of an event id (milliseconds) or of an RFC 3339 text; None for anything else."""
    if not value:
        return None
    try:
        if value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        found = datetime.fromisoformat(value.replace(" ", "+"))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else None


async def events(stream: Stream, renew: Renew) -> AsyncIterator[ServerSentEvent]:
    """Yield what the page is told until its session or the process ends."""
    yield ServerSentEvent(comment="open", retry=RETRY_MS)
    while not stream.ended:
        woken = await stream.wait(LOOK_EVERY_S)
        if (stream.renew or not woken) and not stream.ended and not await _renewed(stream, renew):
            yield ServerSentEvent(event="end", data={"reason": "signed-out"})
            return
        if stream.resync and not stream.ended:
            stream.resync = False
            yield ServerSentEvent(event="resync", data={})
        while stream.waiting and not stream.ended:
            yield _told(stream.waiting.popleft())
    if stream.signed_out:
        yield ServerSentEvent(event="end", data={"reason": "signed-out"})


async def _renewed(stream: Stream, renew: Renew) -> bool:
    """Find out again who listens; say whether the session still lives. While staff is away nothing changes."""
    stream.renew = False
    try:
        listener = await renew()
    except UnauthorizedError:
        return False
    except BusyError:
        return True
    if listener != stream.listener:
        stream.listener = listener
        stream.ask_resync()
    return True


def _told(change: Change) -> ServerSentEvent:
    data = {"type": change.type, "id": str(change.id), "version": change.version, "topic": change.topic}
    return ServerSentEvent(event="change", id=str(int(change.at.timestamp() * 1000)), data=data)
