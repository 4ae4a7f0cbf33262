"""An application in memory, asked as over the wire."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx2
from fastapi import APIRouter

from shared.http.app import create_app
from shared.http.health import Check
from shared.http.tokens import KeyRing


@asynccontextmanager
async def asked(
    *routers: APIRouter,
    ring: KeyRing | None = None,
    checks: dict[str, Check] | None = None,
    body_limit: int = 1024,
) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client of an application with these routes and the manners that all share."""
    app = create_app(
        "test", routers=routers, checks=checks or {}, keys=ring or KeyRing({}), body_limit=body_limit
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def fields(errors: Sequence[dict[str, str]]) -> set[str]:
    """Return the names of the fields that a problem document complains about."""
    return {item["field"] for item in errors}
