"""What every request passes: a trace, a limit of its body, a line in the log, a figure in the metrics."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Histogram

from shared.http.problems import problem
from shared.observability.tracing import trace_id, use_traceparent

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUESTS = Histogram(
    "voronka_http_seconds", "Time to the first byte of an answer", ["method", "route", "status"]
)
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
    """Refuses bodies over `limit` bytes, by their declared length or while they come."""

    def __init__(self, app: App, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or len(declared) > _MOST_DIGITS or int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        await self._counting(scope, receive, _Answer(send))

    async def _counting(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        """Serve while the body is short enough; what the application makes of a longer one is not sent."""
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise _OverLimitError
            return message

        async def unless_over(message: Message) -> None:
            if taken <= self._limit or answer.status:
                await answer(message)

        try:
            await self._app(scope, counted, unless_over)
        except _OverLimitError:
            if answer.status:
                raise
        if taken > self._limit and not answer.status:
            await self._refuse(scope, receive, answer)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(_TOO_LARGE, "too-large", f"The body is larger than {self._limit} bytes.")
        await answer(scope, receive, send)


class _OverLimitError(Exception):
    """The body is larger than allowed."""
