"""The public API: every path belongs to one unit, which checks everything itself."""

from fastapi import APIRouter, Request, Response

from services.gateway.adapters.forwarding import answered, asked
from services.gateway.domain.owners import BASE, UnitName, owner_of
from services.gateway.entrypoints.asking import client_of
from services.gateway.entrypoints.dependencies import App, composed
from shared.http.client_address import CLIENT_ADDRESS
from shared.kernel.errors import MissingError, UnauthorizedError
from shared.observability.tracing import current_traceparent

router = APIRouter(include_in_schema=False)

_SESSION = f"{BASE}session"


@router.api_route("/api/v1/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def forward(request: Request, app: App) -> Response:
    """Pass the request on with a signed token in place of the opaque one; MissingError when nobody owns it."""
    path = request.scope["raw_path"].decode("latin-1")
    owner = owner_of(path)
    if owner is None:
        raise MissingError("no such address")
    headers = asked(request.headers)
    headers["traceparent"] = current_traceparent()
    logging_in = path == _SESSION and request.method == "POST"
    token = "" if logging_in else _bearer(request)
    if token:
        headers["authorization"] = f"Bearer {(await app.sessions.of(token)).signed}"
    if logging_in:  # staff counts tries by address, and takes it from a unit only
        headers["authorization"] = f"Bearer {app.units.staff.own_token()}"
        headers[CLIENT_ADDRESS] = client_of(request, app.settings.proxies)
    if path == _SESSION and request.method == "DELETE":
        headers["x-session-token"] = token
    try:
        return await _answer(request, owner, path, headers)
    finally:
        if "x-session-token" in headers:
            app.sessions.forget(token)
            app.streams.end_session(token)


async def _answer(request: Request, owner: UnitName, path: str, headers: dict[str, str]) -> Response:
    query = request.scope["query_string"]
    target = path.encode("latin-1") + (b"?" + query if query else b"")
    app = composed(request)
    found = await app.forwarder.forward(owner, request.method, target, headers, await request.body())
    if found.has_redirect_location:  # only our own addresses are known to clients
        raise MissingError("no such address")
    return Response(found.content, found.status_code, headers=answered(found.headers))


def _bearer(request: Request) -> str:
    """Return the opaque token; cookies count for nothing here."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthorizedError
    return token.strip()
