"""Who posts: the address that counts, and whether it may post again so soon."""

from fastapi import Request

from connectors.forms.rate_limit import RateLimit
from shared.http.client_address import TrustedProxies, household, is_loopback


class Visitors:
    """Lets posts in by their address."""

    def __init__(self, proxies: TrustedProxies, limit: RateLimit) -> None:
        self._proxies = proxies
        self._limit = limit

    def admit(self, request: Request) -> str:
        """Return the sender's address; TooManyPostsError when it posts too often. This machine itself is exempt."""
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")) if self._proxies.networks else ""
        address = self._proxies.client(peer, forwarded)
        if address != peer or not is_loopback(peer):
            self._limit.take(household(address))
        return address
