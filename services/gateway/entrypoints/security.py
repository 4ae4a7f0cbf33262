"""What keeps pages safe: headers on every answer, no foreign requests, no foreign redirects."""

import hmac
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders

from services.gateway.pages.shell import csrf_token
from shared.http.middleware import App, Message, Receive, Scope, Send
from shared.kernel.errors import ForbiddenError

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=31536000"
_LONGEST_ADDRESS = 2_000
_OWN = {"same-origin", "none"}


class ForgedRequestError(ForbiddenError):
    """The request does not come from one of our pages."""

    slug = "forged-request"


class SecurityHeaders:
    """Puts the security headers on every answer and lets nobody store what does not say so itself."""

    def __init__(self, app: App, *, secure: bool) -> None:
        self._app = app
        self._headers = {**HEADERS, "Strict-Transport-Security": HSTS} if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.setdefault("Cache-Control", "no-store")
                headers.update(self._headers)
            await send(message)

        await self._app(scope, receive, secured)


def local_address(value: str | None, *, default: str = "/") -> str:
    """Return the address if it stays on this site whatever a browser makes of it, else the default."""
    if not value or len(value) > _LONGEST_ADDRESS or not value.startswith("/"):
        return default
    if (
        value[1:2] in {"/", "\\"}
        or "\\" in value
        or any(not char.isprintable() or char == " " for char in value)
    ):
        return default
    return value


def split_address(value: str) -> SplitResult:
    """Return the parts of an address; they are empty when it is none."""
    try:
        return urlsplit(value)
    except ValueError:
        return urlsplit("")


def require_own_origin(request: Request, public_url: str) -> None:
    """ForgedRequestError for a request that the browser says was started by another site."""
    site = request.headers.get("sec-fetch-site", "")
    if site and site not in _OWN:
        raise ForgedRequestError
    origin = request.headers.get("origin")
    if origin is None:
        return
    given, public = split_address(origin), split_address(public_url)
    if (given.scheme, given.netloc) == (public.scheme, public.netloc):
        return
    if given.scheme not in {"http", "https"} or given.netloc != request.headers.get("host"):
        raise ForgedRequestError


def require_csrf(request: Request, form: dict[str, str], session_token: str) -> None:
    """ForgedRequestError unless the request carries the token that only our pages know."""
    given = request.headers.get("x-csrf-token") or form.get("csrf", "")
    if not hmac.compare_digest(given.encode(), csrf_token(session_token).encode()):
        raise ForgedRequestError
