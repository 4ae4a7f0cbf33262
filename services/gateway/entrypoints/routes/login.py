"""Signing in and out."""

from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import client_of
from services.gateway.entrypoints.dependencies import App, OwnForm, Posted, Render, SignedIn, cookies_of
from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.security import local_address, require_own_origin
from services.gateway.entrypoints.visitors import anonymous
from shared.kernel.errors import BusyError, UnauthorizedError, VoronkaError

router = APIRouter(include_in_schema=False)

_TOO_MANY = "too-many-attempts"

log = structlog.get_logger(__name__)


@router.get("/login")
async def login_page(request: Request, app: App, render: Render, next: str = "") -> Response:  # noqa: A002 - wire name
    """Show the form, unless the reader is signed in already."""
    target = local_address(next)
    token = cookies_of(app).session_token(request)
    if token:
        try:
            await app.sessions.of(token)
        except UnauthorizedError:
            pass
        except BusyError:
            pass
        else:
            return RedirectResponse(target, status_code=303)
    return await _form(request, app, render, {"next": target})


@router.post("/login")
async def log_in(request: Request, app: App, render: Render, form: Posted) -> Response:
    """Open a session and keep its token in a cookie; it is a new one at every login."""
    require_own_origin(request, app.settings.public_url)
    target, remember = local_address(form.get("next")), bool(form.get("remember"))
    address = client_of(request, app.settings.proxies)
    try:
        opened = await app.sessions.log_in(
            form.get("login", ""), form.get("password", ""), address, remember=remember
        )
    except VoronkaError as error:
        code, text = _refused(error)
        given = {"login": form.get("login", ""), "next": target, "remember": remember}
        return await _form(request, app, render, {**given, "error": text}, code)
    cookies = cookies_of(app)
    await _close(app, cookies.session_token(request))
    response = RedirectResponse(target, status_code=303)
    cookies.put_session(response, opened.token, opened.expires_at if remember else None)
    return response


@router.post("/logout")
async def log_out(request: Request, app: App, who: SignedIn, form: OwnForm) -> Response:  # noqa: ARG001 - checked
    """End the session here and at staff."""
    await _close(app, who.session.token)
    response = RedirectResponse("/login", status_code=303)
    cookies_of(app).drop_session(response)
    return response


def _refused(error: VoronkaError) -> tuple[int, str]:
    """Return status and catalogue key of a refused login; it never says which of the two was wrong."""
    if error.slug == _TOO_MANY:
        return 429, "login.many"
    if error.kind == "busy":
        return 503, "login.away"
    return 401, "login.wrong"


async def _close(app: Gateway, token: str) -> None:
    if not token:
        return
    app.streams.end_session(token)
    try:
        await app.sessions.log_out(token)
    except VoronkaError as error:
        log.warning("a session was not closed at staff", error=error.detail)


async def _form(
    request: Request, app: Gateway, render: Renderer, given: dict[str, Any], code: int = 200
) -> Response:
    company = await app.known.company.get()
    reader = anonymous(request, app)
    error = given.get("error", "")
    return render.page(
        request,
        "login.html",
        reader,
        code=code,
        company=company.name,
        ok=app.known.company.known,
        login=given.get("login", ""),
        next=given["next"],
        remember=given.get("remember", False),
        error=reader.words.t(error) if error else "",
    )
