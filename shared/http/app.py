"""The HTTP application of a unit with the manners that all share."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from shared.http import health, problems
from shared.http.middleware import BODY_WITHIN_S, BodyLimit, Traced
from shared.http.plain import PlainRoute, PlainRoutes
from shared.http.tokens import KeyRing

BODY_LIMIT = 1024 * 1024


def _operation_id(route: APIRoute) -> str:
    return route.name


def create_app(
    title: str,
    *,
    routers: Sequence[APIRouter],
    checks: dict[str, health.Check],
    keys: KeyRing,
    routes: Sequence[PlainRoute] = (),
    body_limit: int = BODY_LIMIT,
    body_within_s: float = BODY_WITHIN_S,
) -> FastAPI:
    """Return an application with problem documents, traces, limits and health; its docs are the gateway's."""
    app = FastAPI(
        title=title,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=_operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.keys = keys
    problems.install(app)
    app.include_router(health.routes(checks))
    for router in routers:
        app.include_router(router)
    if routes:
        app.router.routes.extend(routes)  # for what they refuse, such as another method
        app.add_middleware(PlainRoutes, routes=routes)
    app.add_middleware(BodyLimit, limit=body_limit, within_s=body_within_s)
    app.add_middleware(Traced)
    return app
