"""Passing requests of the public API on to their owners, unchanged but for the token."""

import asyncio
from collections.abc import Mapping

import httpx2

from services.gateway.domain.owners import UnitName
from shared.http.client import KEPT_ALIVE_S
from shared.kernel.errors import BusyError, InvalidError

WITHIN_S = 15.0
_CONNECT_WITHIN_S = 1.0

_ASKED = (
    "accept",
    "accept-language",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
)
"""What of a request goes on to the owner: never cookies, never the opaque token, nothing hop-by-hop."""

_ANSWERED = (
    "content-type",
    "content-disposition",
    "etag",
    "last-modified",
    "link",
    "retry-after",
    "www-authenticate",
    "x-request-id",
)


class Forwarder:
    """Keeps connections to every unit."""

    def __init__(self, urls: Mapping[UnitName, str]) -> None:
        self._clients = {
            name: httpx2.AsyncClient(
                base_url=url,
                timeout=httpx2.Timeout(WITHIN_S, connect=_CONNECT_WITHIN_S),
                limits=httpx2.Limits(max_keepalive_connections=50, keepalive_expiry=KEPT_ALIVE_S),
                trust_env=False,
            )
            for name, url in urls.items()
        }

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()

    async def forward(
        self, unit: UnitName, method: str, target: bytes, headers: Mapping[str, str], body: bytes
    ) -> httpx2.Response:
        """Return the owner's answer to a request line's target.

        InvalidError for a request that cannot be put on the wire, BusyError when the owner does not answer.
        """
        client = self._clients[unit]
        sent = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        try:
            url = client.base_url.copy_with(raw_path=target)
            async with asyncio.timeout(WITHIN_S):
                return await client.request(method, url, headers=sent, content=body)
        except (httpx2.InvalidURL, httpx2.LocalProtocolError, UnicodeError) as error:
            raise InvalidError("the address or a header of the request is not acceptable") from error
        except (httpx2.HTTPError, TimeoutError) as error:
            raise BusyError(f"{unit} does not answer") from error


def asked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request that go on to the owner."""
    return {name: headers[name] for name in _ASKED if name in headers}


def answered(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an owner's answer that go back to the client."""
    return {name: headers[name] for name in _ANSWERED if name in headers}
