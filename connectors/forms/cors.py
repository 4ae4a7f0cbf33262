"""Which pages may post and read the answer (CORS), by the channel's own list of sites."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.forms.form_channel import FormChannel
from shared.kernel.errors import ForbiddenError

_METHODS = "POST, OPTIONS"
_ALLOWED = "content-type, idempotency-key, traceparent, tracestate, x-requested-with"
_DAY_S = "86400"
_REFUSED_BODIES = (408, 413)


class OriginNotAllowedError(ForbiddenError):
    """This site is not on the channel's list of sites."""

    slug = "origin-not-allowed"


def check_origin(channel: FormChannel, origin: str) -> None:
    """OriginNotAllowedError when a browser's page of another site posts; senders that are no browsers name none."""
    if origin and not channel.lets(origin):
        raise OriginNotAllowedError


def headers(channel: FormChannel | None, origin: str) -> dict[str, str]:
    """Return the headers that let a page read the answer; without credentials, for none are needed."""
    if not origin:
        return {}
    if channel is None or channel.origins is None:
        return {"Access-Control-Allow-Origin": "*"}
    if not channel.lets(origin):
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def preflight_headers(channel: FormChannel, origin: str) -> dict[str, str]:
    """Return the answer to a browser that asks first."""
    found = headers(channel, origin)
    if "Access-Control-Allow-Origin" in found:
        found |= {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _ALLOWED,
            "Access-Control-Max-Age": _DAY_S,
        }
    return found


class ReadableRefusals:
    """Lets a page of any site read that its body was refused; the body's limits stand before channels are known."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not (origin := Headers(scope=scope).get("origin", "")):
            await self._app(scope, receive, send)
            return

        async def readable(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _REFUSED_BODIES:
                MutableHeaders(scope=message).update(headers(None, origin))
            await send(message)

        await self._app(scope, receive, readable)
