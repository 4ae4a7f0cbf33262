"""Health of a process: /livez, /readyz and /metrics."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[None]]
_WITHIN_S = 1.0


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(_WITHIN_S):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever fails makes the process not ready
        return f"{type(error).__name__}: {error}"[:200]
    return "ok"


def routes(checks: dict[str, Check]) -> APIRouter:
    """Return the routes; readiness asks all checks at once, each within a second."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        states = await asyncio.gather(*(_state(check) for check in checks.values()))
        found = dict(zip(checks, states, strict=True))
        ready = all(state == "ok" for state in found.values())
        return JSONResponse(
            {"status": "ok" if ready else "not ready", "checks": found}, 200 if ready else 503
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
