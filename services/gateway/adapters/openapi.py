"""Reading the units' own descriptions of their API."""

import asyncio
from typing import Any

from services.gateway.adapters.recent import Recent
from services.gateway.adapters.units import Units
from services.gateway.application.merge_openapi import merge
from services.gateway.domain.owners import UNITS
from shared.http.client import UnitClient
from shared.kernel.errors import VoronkaError

REMEMBERED_S = 60.0
_WITHIN_S = 3.0  # a unit makes its description at the first request for it


async def _read(unit: UnitClient) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await unit.request("GET", "/api/v1/openapi.json", within_s=_WITHIN_S)
    except VoronkaError:
        return None
    return found


def openapi_of(units: Units, *, server: str, version: str) -> Recent[dict[str, Any]]:
    """Return the merged description, read at most once a minute."""

    async def read() -> dict[str, Any]:
        found = await asyncio.gather(*(_read(units.of(name)) for name in UNITS))
        documents: dict[str, dict[str, Any]] = {
            name: document for name, document in zip(UNITS, found, strict=True) if document is not None
        }
        missing = [name for name in UNITS if name not in documents]
        return merge(documents, server=server, version=version, missing=missing)

    return Recent(read, seconds=REMEMBERED_S, default={}, name="openapi")
