"""What the routes are given."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.directory import SqlDirectory
from services.leads.bootstrap import Leads
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor
from shared.http.tokens import Principal

_NOBODY = UUID(int=0)


def composed(request: Request) -> Leads:
    """Return the composed application."""
    return cast("Leads", request.app.state.app)


App = Annotated[Leads, Depends(composed)]


async def viewer_of(who: Principal, target: str, action: str, connection: AsyncConnection) -> Viewer:
    """Return the asker with the scope of his grant; ForbiddenError without one. A unit sees everything."""
    scope = who.require(target, action)
    if who.kind == "unit":
        return Viewer(_NOBODY, frozenset(), scope)
    team = await SqlDirectory(connection).team_of(who.heads | who.roles)
    headed = await SqlDirectory(connection).team_of(who.heads) if scope == "team" else frozenset()
    return Viewer(who.employee_id, who.roles, scope, who.heads, headed, team)


def actor_of(who: Principal) -> Actor:
    """Return who does it; ForbiddenError for a unit."""
    return Actor(who.employee_id, who.name)
