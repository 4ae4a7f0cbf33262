"""The declaration of the gateway: the only unit that composes reads over HTTP; it owns no business data."""

import asyncio
from pathlib import Path

from fastapi import FastAPI
from jinja2 import FileSystemLoader
from starlette.middleware import Middleware

from services.gateway import bootstrap
from services.gateway.bootstrap import Gateway
from services.gateway.domain.owners import BASE
from services.gateway.entrypoints import errors
from services.gateway.entrypoints.dependencies import cookies_of
from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.routes import (
    actions,
    api,
    board,
    dead_letters,
    docs,
    lead,
    live,
    login,
    moves,
    preferences,
    quarantine,
    static,
)
from services.gateway.entrypoints.security import SecurityHeaders
from services.gateway.settings import GatewaySettings
from shared.runtime.declaration import Resources, Unit


def customize(app: FastAPI, gateway: Gateway) -> None:
    """Give the application its renderer, its error pages and its security headers."""
    settings = gateway.settings
    app.state.renderer = Renderer(
        gateway.assets,
        cookies_of(gateway),
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        reload=settings.reload,
    )
    own = f"{BASE}openapi.json"  # the description served there is that of all units
    app.router.routes[:] = [
        route
        for route in app.router.routes
        if getattr(route, "path", "") != own or getattr(route, "endpoint", None) is docs.openapi
    ]
    errors.install(app)
    app.user_middleware.insert(1, Middleware(errors.Failsafe, answer=errors.unexpected))
    app.add_middleware(SecurityHeaders, secure=settings.secure)


async def follow_changes(gateway: Gateway, _: Resources) -> None:
    """Take what changes anywhere for open pages."""
    await gateway.live.run()


async def end_streams(gateway: Gateway, resources: Resources) -> None:
    """End the live streams when the process begins to end: they would never end by themselves."""
    await resources.ending.wait()
    gateway.streams.end_all()
    await asyncio.Event().wait()  # a job lasts as long as its process


SERVICE = Unit(
    name="gateway",
    title="Voronka",
    settings=GatewaySettings,
    build=bootstrap.build,
    routers=(
        board.router,
        lead.router,
        actions.router,
        moves.router,
        login.router,
        preferences.router,
        dead_letters.router,
        quarantine.router,
        live.router,
        static.router,
        docs.router,
        api.router,
    ),
    always=(follow_changes, end_streams),
    customize=customize,
)
