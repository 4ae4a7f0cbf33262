"""Plain routes: their function gets the request and returns the response, and nothing happens in between."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class PlainRoute(Route):
    """A route without parameters, models and dependencies; the metrics know it by its pattern.

    Its function answers every error of ours itself; what else it raises is a fault and becomes a 500.
    """

    def __init__(self, path: str, function: Endpoint, *, methods: Sequence[str]) -> None:
        super().__init__(path, function, methods=methods)
        self.function = function

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the request is for this route, and leave the route for those who count requests."""
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child["route"] = self
        return match, child


class PlainRoutes:
    """Answers requests for plain routes before the framework looks at them, which is half of what it costs."""

    def __init__(self, app: ASGIApp, routes: Sequence[PlainRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                scope.update(child)
                response = await route.function(Request(scope, receive, send))
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
