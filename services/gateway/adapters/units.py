"""The units that the gateway reads from: one client each, with the time limit of a page."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.gateway.domain.owners import UNITS, UnitName
from shared.http.client import UnitClient
from shared.http.tokens import SigningKey

_LIMIT = 200
_PAGES_MOST = 10


@dataclass(frozen=True, slots=True)
class Units:
    """One client for each owner."""

    staff: UnitClient
    channels: UnitClient
    contacts: UnitClient
    leads: UnitClient

    def of(self, name: UnitName) -> UnitClient:
        """Return the client of that unit."""
        client: UnitClient = getattr(self, name)
        return client


@asynccontextmanager
async def open_units(urls: Mapping[UnitName, str], signer: SigningKey) -> AsyncIterator[Units]:
    """Open the clients; their connections are closed at the end."""
    async with AsyncExitStack() as stack:
        clients = {name: UnitClient(urls[name], signer) for name in UNITS}
        for client in clients.values():
            stack.push_async_callback(client.close)
        yield Units(**clients)


async def read_all(unit: UnitClient, path: str, **params: str) -> list[dict[str, Any]]:
    """Return a whole list of moderate length, page by page, with the gateway's own token."""
    found: list[dict[str, Any]] = []
    asked = {**params, "limit": str(_LIMIT)}
    for _ in range(_PAGES_MOST):
        page = await unit.get(path, params=asked)
        found += page["items"]
        if not page.get("next_cursor"):
            break
        asked["cursor"] = page["next_cursor"]
    return found
