"""The composition root of the gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.gateway.adapters.assets import Assets
from services.gateway.adapters.forwarding import Forwarder
from services.gateway.adapters.known import Known, known_of
from services.gateway.adapters.live_queue import LiveQueue
from services.gateway.adapters.openapi import openapi_of
from services.gateway.adapters.recent import Recent
from services.gateway.adapters.sessions import Sessions
from services.gateway.adapters.units import Units, open_units
from services.gateway.application.streams import Streams
from services.gateway.settings import GatewaySettings
from services.gateway.version import VERSION
from shared.kernel.clock import Clock
from shared.runtime.declaration import Resources

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Gateway:
    """The composed application."""

    settings: GatewaySettings
    clock: Clock
    units: Units
    forwarder: Forwarder
    sessions: Sessions
    known: Known
    streams: Streams
    live: LiveQueue
    openapi: Recent[dict[str, Any]]
    assets: Assets


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Gateway]:
    """Compose the application from what the runtime opened."""
    settings: GatewaySettings = resources.settings
    streams = Streams(resources.clock)
    forwarder = Forwarder(settings.units)
    try:
        async with open_units(settings.units, resources.signer) as units:
            sessions = Sessions(units.staff, resources.keys, resources.clock)
            known = known_of(units)
            yield Gateway(
                settings=settings,
                clock=resources.clock,
                units=units,
                forwarder=forwarder,
                sessions=sessions,
                known=known,
                streams=streams,
                live=LiveQueue(settings.amqp_url, streams, sessions, known, resources.clock),
                openapi=openapi_of(units, server=settings.public_url, version=VERSION),
                assets=Assets(STATIC, reload=settings.reload),
            )
    finally:
        await forwarder.close()
