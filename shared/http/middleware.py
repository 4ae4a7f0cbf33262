"""What every request passes: a trace, a limit of its body, a line in the log, a figure in the metrics."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Histogram

from shared.http.problems import problem
from shared.observability.tracing import use_traceparent

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUESTS = Histogram(
    "voronka_http_seconds", "Time to the first byte of an answer", ["method", "route", "status"]
)
_TOO_LARGE = 413

log = structlog.get_logger(__name__)


class Traced:
    """Gives each request its trace and notes how it went."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        started = time.perf_counter()
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with use_traceparent(given.decode("latin-1")):
            try:
                await self._app(scope, receive, note)
            finally:
                seconds = time.perf_counter() - started
                route = getattr(scope.get("route"), "path", "-")
                REQUESTS.labels(scope["method"], route, status).observe(seconds)
                if status >= 500:  # noqa: PLR2004 - server errors
                    log.warning(
                        "request failed", path=scope["path"], status=status, ms=round(seconds * 1000, 1)
                    )


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
        if not declared.isdigit() or int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        taken = 0
        over = False

        async def limited() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                over = True
                raise _OverLimitError
            return message

        try:
            await self._app(scope, limited, send)
        except _OverLimitError:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(_TOO_LARGE, "too-large", f"The body is larger than {self._limit} bytes.")
        await answer(scope, receive, send)


class _OverLimitError(Exception):
    """The body is larger than allowed."""
