"""The connector of forms, asked what a body would become and for the form of a channel."""

from typing import Any

from shared.http.client import UnitClient
from shared.kernel.errors import BusyError, ForbiddenError, MissingError, UnauthorizedError

_WITHIN_S = 5.0


class FormsConnector:
    """Asks as channels, with whole descriptions of channels; the connector keeps nothing of it."""

    def __init__(self, client: UnitClient) -> None:
        self._client = client

    async def try_body(self, channel: dict[str, Any], pasted: dict[str, Any]) -> dict[str, Any]:
        """Return what a body would become; the sender's own error, or BusyError when the connector is away."""
        return await self._ask("/internal/forms/try", {"channel": channel, **pasted})

    async def snippet(self, channel: dict[str, Any], language: str) -> dict[str, Any]:
        """Return the form to be put into a page; BusyError when the connector is away."""
        return await self._ask("/internal/forms/snippet", {"channel": channel, "language": language})

    async def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            found: dict[str, Any] = await self._client.request("POST", path, json=body, within_s=_WITHIN_S)
        except (UnauthorizedError, ForbiddenError, MissingError) as error:  # said to us, not to who asked
            raise BusyError("the connector of forms does not answer as it should") from error
        return found
