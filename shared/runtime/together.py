"""Several units in one process: each with its own application, one address and one health for all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route

from shared.http import health, problems
from shared.runtime.declaration import Unit
from shared.runtime.process import Assembled, assemble
from shared.runtime.settings import UnitSettings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class _Front(FastAPI):
    """Answers for the health of the process and hands everything else to the unit whose address it is."""

    def __init__(self, title: str, by_prefix: Sequence[tuple[str, FastAPI]], **settings: Any) -> None:
        super().__init__(title=title, docs_url=None, redoc_url=None, openapi_url=None, **settings)
        self._by_prefix = by_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope.get("path", "")
        for prefix, app in self._by_prefix:
            if path.startswith(prefix):
                await app(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


@asynccontextmanager
async def assemble_together(
    title: str, units: Sequence[tuple[Unit, UnitSettings]], process: str
) -> AsyncIterator[Assembled]:
    """Assemble the units and yield them as one; names of jobs and checks begin with the unit's."""
    ending = asyncio.Event()
    async with AsyncExitStack() as stack:
        parts = [
            (unit, await stack.enter_async_context(assemble(unit, settings, process, ending)))
            for unit, settings in units
        ]
        by_prefix = [(prefix, part.app) for unit, part in parts for prefix in prefixes(unit)]
        checks = {f"{unit.name}.{name}": check for unit, part in parts for name, check in part.checks.items()}
        jobs = {f"{unit.name}.{name}": job for unit, part in parts for name, job in part.jobs.items()}
        front = _Front(title, by_prefix, telemetry={"tracing": False, "metrics": False, "logs": False})
        problems.install(front)
        front.include_router(health.routes(checks))
        front.state.ending = ending
        yield Assembled(front, jobs, checks)


def prefixes(unit: Unit) -> list[str]:
    """Return what the addresses of a unit begin with, the fixed parts of its routes; none is within another."""
    routes = [*unit.routes, *(route for router in unit.routers for route in router.routes)]
    fixed = {route.path.partition("{")[0] for route in routes if isinstance(route, Route)}
    outer = (one for one in fixed if not any(one.startswith(other) for other in fixed - {one}))
    return sorted(outer, key=len, reverse=True)
