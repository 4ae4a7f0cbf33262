"""A plain route: its function gets the request and returns the response, and nothing happens in between."""

from starlette.routing import Match, Route
from starlette.types import Scope


class PlainRoute(Route):
    """A route without parameters, models and dependencies; the metrics know it by its pattern."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether the request is for this route, and leave the route for those who count requests."""
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child["route"] = self
        return match, child
