"""Live streams of this process: each open page has a short queue; what does not fit becomes a `resync`."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.domain.audience import Audience, Listener, hears
from shared.kernel.clock import Clock
from shared.kernel.errors import BusyError

QUEUE_MOST = 200
REMEMBERED = 2_000
STREAMS_PER_SESSION = 16
CLOCKS_DIFFER = timedelta(seconds=2)


class TooManyStreamsError(BusyError):
    """This session has too many live streams open."""

    slug = "too-many-streams"


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed: only what it is and in which version, never its content."""

    type: str
    id: UUID
    version: int
    topic: str
    at: datetime
    audience: Audience


@dataclass(slots=True, eq=False)
class Stream:
    """One open page: what waits for it, and what it has to do before it goes on."""

    token: str
    listener: Listener
    waiting: deque[Change] = field(default_factory=deque)
    resync: bool = False
    renew: bool = False
    ended: bool = False
    signed_out: bool = False
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, change: Change) -> None:
        """Queue a change; a full queue is emptied in favour of one `resync`."""
        if self.resync:
            return
        if len(self.waiting) >= QUEUE_MOST:
            self.ask_resync()
            return
        self.waiting.append(change)
        self._wake.set()

    def ask_resync(self) -> None:
        """Let the page read everything anew."""
        self.waiting.clear()
        self.resync = True
        self._wake.set()

    def ask_renew(self) -> None:
        """Let the stream find out again who listens."""
        self.renew = True
        self._wake.set()

    def end(self, *, signed_out: bool = False) -> None:
        """Let the stream end; `signed_out` when there is nothing to come back to."""
        self.ended, self.signed_out = True, signed_out
        self._wake.set()

    async def wait(self, within_s: float) -> bool:
        """Wait until there is something to do; say whether there is."""
        try:
            async with asyncio.timeout(within_s):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True


class Streams:
    """All streams of this process, and the last changes for those that come back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._streams: set[Stream] = set()
        self._recent: deque[Change] = deque(maxlen=REMEMBERED)
        self._complete_since: datetime | None = None
        self._ended = False

    def __len__(self) -> int:
        return len(self._streams)

    @contextmanager
    def open(self, token: str, listener: Listener, since: datetime | None = None) -> Iterator[Stream]:
        """Open a stream for the block; changes since then come first. TooManyStreamsError when one has many."""
        if sum(1 for stream in self._streams if stream.token == token) >= STREAMS_PER_SESSION:
            raise TooManyStreamsError(status=429)
        stream = Stream(token, listener, ended=self._ended)
        self._streams.add(stream)
        try:
            if since is not None:
                self._replay(stream, since)
            yield stream
        finally:
            self._streams.discard(stream)

    def _replay(self, stream: Stream, since: datetime) -> None:
        if self._complete_since is None or self._complete_since + CLOCKS_DIFFER > since:
            stream.ask_resync()
            return
        since -= CLOCKS_DIFFER
        for change in self._recent:
            if change.at > since and hears(stream.listener, change.audience):
                stream.put(change)

    def publish(self, change: Change) -> None:
        """Give the change to those who may hear of it."""
        if len(self._recent) == REMEMBERED:
            self._complete_since = self._recent[0].at
        self._recent.append(change)
        for stream in self._streams:
            if hears(stream.listener, change.audience):
                stream.put(change)

    def gap(self) -> None:
        """Let everybody read anew: changes may have been missed, so nothing earlier can be replayed."""
        self._recent.clear()
        self._complete_since = self._clock()
        for stream in self._streams:
            stream.ask_renew()
            stream.ask_resync()

    def employee_changed(self, employee_id: UUID, roles: frozenset[UUID], *, active: bool) -> None:
        """End the streams of somebody who is out; let those whom his change concerns find out again."""
        for stream in self._streams:
            listener = stream.listener
            if listener.employee_id == employee_id:
                stream.ask_renew() if active else stream.end(signed_out=True)
            elif listener.scope == "team" and (employee_id in listener.team or listener.heads & roles):
                stream.ask_renew()

    @property
    def tokens(self) -> frozenset[str]:
        """The sessions that have a stream open."""
        return frozenset(stream.token for stream in self._streams)

    def end_session(self, token: str) -> None:
        """End the streams of a session that was closed."""
        for stream in self._streams:
            if stream.token == token:
                stream.end(signed_out=True)

    def end_all(self) -> None:
        """End every stream, and those still to come: the process ends."""
        self._ended = True
        for stream in self._streams:
            stream.end()
