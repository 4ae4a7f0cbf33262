"""What the routes are given: the composed application, the renderer, who asks, the form of one of our pages."""

import asyncio
from typing import Annotated, cast

from fastapi import Depends, Request

from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.asking import is_part, words_of
from services.gateway.entrypoints.cookies import Cookies
from services.gateway.entrypoints.forms import fields_of
from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.security import require_csrf, require_own_origin
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.language.formats import Formats
from services.gateway.pages.reader import Reader
from shared.kernel.errors import UnauthorizedError


class SignInNeededError(UnauthorizedError):
    """A page was asked for by somebody who is not signed in."""

    slug = "sign-in-needed"


def composed(request: Request) -> Gateway:
    """Return the composed application."""
    return cast("Gateway", request.app.state.app)


def rendered(request: Request) -> Renderer:
    """Return the renderer."""
    return cast("Renderer", request.app.state.renderer)


def cookies_of(app: Gateway) -> Cookies:
    """Return how cookies are set here."""
    return Cookies(secure=app.settings.secure)


App = Annotated[Gateway, Depends(composed)]
Render = Annotated[Renderer, Depends(rendered)]


async def visitor(request: Request, app: App) -> Visitor:
    """Return who asks; UnauthorizedError for scripts and SignInNeededError for pages when nobody is signed in."""
    try:
        session = await app.sessions.of(cookies_of(app).session_token(request))
        me, company = await asyncio.gather(app.sessions.me(session), app.known.company.get())
    except UnauthorizedError as error:
        if is_part(request):
            raise
        raise SignInNeededError from error
    words = words_of(request, me.get("language"))
    who = session.principal.subject
    return Visitor(session, me, Reader(who, words, Formats(words, company.zone), app.clock()))


SignedIn = Annotated[Visitor, Depends(visitor)]


Posted = Annotated[dict[str, str], Depends(fields_of)]


def own_form(request: Request, app: App, form: Posted, who: SignedIn) -> dict[str, str]:
    """Return the form of a signed-in reader; ForgedRequestError unless one of our pages sent it."""
    require_own_origin(request, app.settings.public_url)
    require_csrf(request, form, who.session.token)
    return form


OwnForm = Annotated[dict[str, str], Depends(own_form)]
