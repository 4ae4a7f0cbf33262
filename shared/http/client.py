"""Reads and commands to another unit over HTTP, with a time limit, a token and the trace."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from shared.http.tokens import SigningKey
from shared.kernel.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    MissingError,
    StaleVersionError,
    UnauthorizedError,
    VoronkaError,
)
from shared.observability.tracing import current_traceparent

READ_WITHIN_S = 0.5
KEPT_ALIVE_S = 3.0  # shorter than the 5 s after which our servers close an idle connection
_RENEW = timedelta(seconds=60)

_ERRORS: dict[int, type[VoronkaError]] = {
    400: InvalidError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: MissingError,
    409: ConflictError,
    410: GoneError,
    412: StaleVersionError,
}
_OF_PROBLEMS = {"type", "title", "status", "detail"}


class UnitClient:
    """Speaks to one unit as this unit, or as the employee whose token is given."""

    def __init__(
        self,
        base_url: str,
        signer: SigningKey,
        *,
        within_s: float = READ_WITHIN_S,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx2.AsyncClient(
            base_url=base_url,
            timeout=httpx2.Timeout(within_s, connect=min(within_s, 0.5)),
            limits=httpx2.Limits(max_keepalive_connections=50, keepalive_expiry=KEPT_ALIVE_S),
            transport=transport,
            trust_env=False,
        )
        self._within_s = within_s
        self._signer = signer
        self._token = ""
        self._signed_at = datetime.fromtimestamp(0, UTC)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def own_token(self) -> str:
        """Return this unit's own token, signed anew before it expires."""
        now = datetime.now(UTC)
        if now - self._signed_at > _RENEW:
            self._token, self._signed_at = self._signer.own(now), now
        return self._token

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        params: Any = None,
        headers: dict[str, str] | None = None,
        within_s: float | None = None,
    ) -> Any:
        """Return the JSON of the answer (None when empty); the errors of problem answers, BusyError when away.

        The whole request ends within `within_s`, however slowly the answer trickles.
        """
        sent = {"Authorization": f"Bearer {token or self.own_token()}", **(headers or {})}
        if traceparent := current_traceparent():
            sent["traceparent"] = traceparent
        limit = self._within_s if within_s is None else within_s
        try:
            async with asyncio.timeout(limit):
                answer = await self._http.request(
                    method, path, json=json, params=params, headers=sent, timeout=limit
                )
        except (httpx2.HTTPError, TimeoutError) as error:
            raise BusyError(f"{method} {path}: {error!r}") from error
        if answer.is_success:
            return _json(answer) if answer.content else None
        raise _error(answer)

    async def get(self, path: str, *, token: str | None = None, params: Any = None) -> Any:
        """Read."""
        return await self.request("GET", path, token=token, params=params)


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise BusyError("the answer is no JSON") from error


def _error(answer: httpx2.Response) -> VoronkaError:
    try:
        body = answer.json()
    except ValueError:
        body = None
    found: dict[str, Any] = body if isinstance(body, dict) else {}
    extra = {key: value for key, value in found.items() if key not in _OF_PROBLEMS}
    kind = _ERRORS.get(answer.status_code)
    if kind is None and answer.is_client_error:
        kind, extra = InvalidError, {**extra, "status": answer.status_code}
    error = (kind or BusyError)(str(found.get("detail", "")), **extra)
    slug = str(found.get("type", "")).rpartition(":")[2]
    if slug:
        error.slug = slug  # type: ignore[misc]
    return error
