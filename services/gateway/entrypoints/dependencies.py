"""What the routes are given: the composed application, the renderer, who asks and in which manner."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from services.gateway.adapters.sessions import Session
from services.gateway.application.act_on_lead import Action, offered
from services.gateway.bootstrap import Gateway
from services.gateway.entrypoints.cookies import LANGUAGE, THEME, Cookies
from services.gateway.entrypoints.rendering import Renderer
from services.gateway.entrypoints.security import (
    local_address,
    require_csrf,
    require_own_origin,
    split_address,
)
from services.gateway.language.catalogue import CATALOGUES, LANGUAGES, Catalogue, language_of
from services.gateway.language.formats import Formats
from services.gateway.pages.filters import ASSIGNED, Assigned
from services.gateway.pages.reader import Reader
from services.gateway.pages.shell import Shell, shell, theme_of
from shared.http.tokens import Scope
from shared.kernel.errors import ForbiddenError, UnauthorizedError

_WIDTH: dict[Scope, int] = {"own": 1, "team": 2, "all": 3}
_MOST_FIELDS = 50
_LONGEST_FIELD = 64 * 1024


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


def as_part(request: Request) -> None:
    """Note that this address answers scripts: its refusals are problem documents, never pages."""
    request.state.part = True


def is_part(request: Request) -> bool:
    """Say whether a script asks for a piece of a page or for data."""
    headers = request.headers
    return bool(
        getattr(request.state, "part", False)
        or headers.get("x-requested-with") == "fetch"
        or headers.get("hx-request") == "true"
        or "application/json" in headers.get("accept", "")
    )


def address_of(request: Request) -> str:
    """Return the path and query of the request, as the address of the page."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def page_of(request: Request) -> str:
    """Return the address of the page on which the answer will be shown: for scripts the one that sent them."""
    if not is_part(request):
        return address_of(request)
    sender = split_address(request.headers.get("referer", ""))
    if sender.netloc != request.headers.get("host"):
        return "/"
    return local_address(f"{sender.path}?{sender.query}" if sender.query else sender.path)


def words_of(request: Request, language: str | None = None) -> Catalogue:
    """Return the reader's language: as he chose here, as staff knows it, as his browser asks."""
    chosen = request.cookies.get(LANGUAGE)
    if chosen not in LANGUAGES:
        chosen = language or request.headers.get("accept-language")
    return CATALOGUES[language_of(chosen)]


def anonymous(request: Request, app: Gateway) -> Reader:
    """Return a reader of whom nothing is known."""
    words = words_of(request)
    return Reader("", words, Formats(words, app.known.company.value.zone), app.clock())


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in employee at a page."""

    session: Session
    me: dict[str, Any]
    reader: Reader

    @property
    def token(self) -> str:
        """The signed token under which the owners are asked."""
        return self.session.signed

    @property
    def may(self) -> frozenset[Action]:
        """What he may do with leads at all."""
        return offered(self.session.principal.grants)

    @property
    def scopes(self) -> tuple[Assigned, ...]:
        """Whose leads he may look at; ForbiddenError when he may not read leads."""
        scope = self.session.principal.grants.get("leads.read")
        if scope is None:
            raise ForbiddenError
        return ASSIGNED[: _WIDTH[scope]]

    def shell(self, request: Request, here: str, *, fresh: int = 0) -> Shell:
        """Return the frame of his page."""
        return shell(
            self.me,
            theme=theme_of(request.cookies.get(THEME)),
            session_token=self.session.token,
            here=here,
            address=page_of(request),
            fresh=fresh,
        )


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


async def posted(request: Request) -> dict[str, str]:
    """Return the text fields of a form."""
    form = await request.form(max_fields=_MOST_FIELDS, max_files=0, max_part_size=_LONGEST_FIELD)
    return {name: value.replace("\x00", "") for name, value in form.items() if isinstance(value, str)}


Posted = Annotated[dict[str, str], Depends(posted)]


def own_form(request: Request, app: App, form: Posted, who: SignedIn) -> dict[str, str]:
    """Return the form of a signed-in reader; ForgedRequestError unless one of our pages sent it."""
    require_own_origin(request, app.settings.public_url)
    require_csrf(request, form, who.session.token)
    return form


OwnForm = Annotated[dict[str, str], Depends(own_form)]
