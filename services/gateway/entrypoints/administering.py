"""Pages for administrators alone, and the way back from what they do there."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse

from services.gateway.application.undelivered import Undelivered
from services.gateway.bootstrap import Gateway
from services.gateway.domain.owners import UNITS
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, SignedIn, cookies_of
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.pages.reader import Reader
from shared.kernel.errors import ForbiddenError, UnauthorizedError, VoronkaError


def administrator(who: SignedIn) -> Visitor:
    """Return who asks; ForbiddenError for anybody but an administrator. The owners check it themselves too."""
    if not who.administers:
        raise ForbiddenError
    return who


Administrator = Annotated[Visitor, Depends(administrator)]


def undelivered(app: App, who: Administrator) -> Undelivered:
    """Return what the administrator can ask the owners for."""
    return Undelivered({name: app.units.of(name) for name in UNITS}, app.units.leads, who.token)


Owners = Annotated[Undelivered, Depends(undelivered)]


def back(app: Gateway, who: Visitor, target: str, flash: Flash) -> RedirectResponse:
    """Send the reader on, with a message on the next page."""
    response = RedirectResponse(target, status_code=303)
    cookies_of(app).put_flash(response, flash, who.session.token)
    return response


_BY_SLUG = {
    "dead-letter-settled": "settled",
    "quarantined-settled": "settled",
    "queue-gone": "queue",
    "translator-gone": "queue",
}
_BY_KIND = {"missing": "gone", "busy": "busy"}


def refused(error: VoronkaError, reader: Reader) -> Flash:
    """Return what the reader is told of a refusal; whoever is not signed in any more is not told, but raised."""
    if isinstance(error, UnauthorizedError | ForbiddenError):
        raise error
    why = _BY_SLUG.get(error.slug) or _BY_KIND.get(error.kind, "other")
    key = f"undelivered.refused.{why}"
    return Flash("bad", reader.words.t(key, detail=error.detail))
