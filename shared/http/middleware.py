"""What every request passes: a trace, a limit of its body, a line in the log, a figure in the metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Histogram
from starlette.responses import Response

from shared.http.problems import problem
from shared.observability.tracing import trace_id, use_traceparent

BODY_WITHIN_S = 15.0
_SLOWEST = 128 * 1024  # bytes in a second: a body that is declared to be large has so much more time

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUESTS = Histogram(
    "voronka_http_seconds", "Time to the first byte of an answer", ["method", "route", "status"]
)
_TOO_SLOW = 408
_TOO_LARGE = 413
_FAILED = 500
_MOST_DIGITS = 18

_READINESS = "/readyz"

log = structlog.get_logger(__name__)


class _Answer:
    """What was sent of an answer so far."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.started_at = 0.0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.started_at = time.perf_counter()
        await self._send(message)


class Traced:
    """Gives each request its trace, notes how it went, and answers what nobody else has answered."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        began = time.perf_counter()
        answer = _Answer(send)
        with use_traceparent(given.decode("latin-1")):
            try:
                await self._app(scope, receive, answer)
            except Exception as error:
                route = getattr(scope.get("route"), "path", "-")  # the path itself may hold a key
                log.exception("unexpected error", route=route, exc_info=error)
                if answer.status:
                    raise  # half an answer is out: the connection must break
                await _unexpected(scope, receive, answer)
            finally:
                _note(scope, answer, began)


async def _unexpected(scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(_FAILED, "internal", "Something went wrong on our side.", trace_id=trace_id())
    await answer(scope, receive, send)


def _note(scope: Scope, answer: _Answer, began: float) -> None:
    seconds = (answer.started_at or time.perf_counter()) - began
    status = answer.status or _FAILED
    route = getattr(scope.get("route"), "path", "-")
    REQUESTS.labels(scope["method"], route, status).observe(seconds)
    if status >= _FAILED and route != _READINESS:  # who asks for it reads the answer
        log.warning("request failed", route=route, status=status, ms=round(seconds * 1000, 1))


class BodyLimit:
    """Refuses bodies over `limit` bytes, by their declared length or while they come, and those that come too slowly.

    Once the body is there, nothing limits how long the answer takes: a live stream lasts.
    """

    def __init__(self, app: App, limit: int, within_s: float = BODY_WITHIN_S) -> None:
        self._app = app
        self._limit = limit
        self._within_s = within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or len(declared) > _MOST_DIGITS or int(declared) > self._limit:
            await self._too_large()(scope, receive, send)
            return
        within_s = self._within_s + int(declared) // _SLOWEST
        await self._watching(scope, _Body(receive, self._limit, within_s), _Answer(send))

    async def _watching(self, scope: Scope, body: "_Body", answer: _Answer) -> None:
        """Serve while the body is as it should be; what the application makes of another one is not sent."""

        async def unless_refused(message: Message) -> None:
            if body.fault is None or answer.status:
                await answer(message)

        try:
            await self._app(scope, body.receive, unless_refused)
        except _RefusedBodyError:
            if answer.status:
                raise
        if body.fault is not None and not answer.status:
            refusal = self._too_slow(body) if body.fault == _TOO_SLOW else self._too_large()
            await refusal(scope, body.receive, answer)

    def _too_large(self) -> Response:
        return problem(_TOO_LARGE, "too-large", f"The body is larger than {self._limit} bytes.")

    def _too_slow(self, body: "_Body") -> Response:
        """Return the refusal that closes the connection: the rest of the body may never come."""
        detail = f"The body did not come within {body.within_s:g} seconds."
        return problem(_TOO_SLOW, "too-slow", detail, headers={"Connection": "close"})


class _Body:
    """A body that is being received: how much of it came, until when it may, what is wrong with it."""

    def __init__(self, receive: Receive, limit: int, within_s: float) -> None:
        self._receive = receive
        self._limit = limit
        self.within_s = within_s
        self._until: float | None = None
        self._taken = 0
        self._whole = False
        self.fault: int | None = None

    async def receive(self) -> Message:
        """Receive the next message; after the whole body that is the end of the connection, whenever it comes."""
        if self._whole:
            return await self._receive()
        if self._until is None:  # a server takes no more than a piece before somebody asks for it
            self._until = asyncio.get_running_loop().time() + self.within_s
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.fault = _TOO_SLOW
            raise _RefusedBodyError from None
        self._whole = not message.get("more_body", False)
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            self.fault = _TOO_LARGE
            raise _RefusedBodyError
        return message


class _RefusedBodyError(Exception):
    """The body is larger or slower than allowed."""
