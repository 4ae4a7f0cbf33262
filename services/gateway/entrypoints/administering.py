"""Pages for administrators alone: who sees them, and how what is done there ends with a word on the next page."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Response

from services.gateway.application.undelivered import Done, Undelivered
from services.gateway.bootstrap import Gateway
from services.gateway.domain.owners import UNITS
from services.gateway.entrypoints.cookies import Flash
from services.gateway.entrypoints.dependencies import App, SignedIn
from services.gateway.entrypoints.visitors import Visitor
from services.gateway.entrypoints.way_back import sent_to
from services.gateway.pages.reader import Reader
from shared.kernel.errors import ForbiddenError, UnauthorizedError, VoronkaError

_LONGEST_REASON = 1_000


def administrator(who: SignedIn) -> Visitor:
    """Return who asks; ForbiddenError for anybody but an administrator. The owners check it themselves too."""
    if not who.administers:
        raise ForbiddenError
    return who


Administrator = Annotated[Visitor, Depends(administrator)]


def undelivered(app: App, who: Administrator) -> Undelivered:
    """Return what the administrator can ask the owners for."""
    return Undelivered({name: app.units.of(name) for name in UNITS}, app.units.leads, who.token)


Desk = Annotated[Undelivered, Depends(undelivered)]


async def told(app: Gateway, who: Visitor, target: str, act: Awaitable[Flash]) -> Response:
    """Do it and send the reader on with a word about how it went."""
    try:
        flash = await act
    except VoronkaError as error:
        flash = refused(error, who.reader)
    return sent_to(app, who, target, flash)


async def settled(app: Gateway, who: Visitor, target: str, act: Awaitable[None], done: str) -> Response:
    """Settle one and send the reader on; `done` names the sentence that is said when it went well."""

    async def do() -> Flash:
        await act
        return Flash("ok", who.reader.words.t(f"undelivered.done.{done}"))

    return await told(app, who, target, do())


async def dropped(
    app: Gateway, who: Visitor, target: str, form: dict[str, str], drop: Callable[[str], Awaitable[Flash]]
) -> Response:
    """Throw something away with the reason in the form; without one the reader comes back to where he was."""
    reason = form.get("reason", "").strip()[:_LONGEST_REASON]
    if reason:
        return await told(app, who, target, drop(reason))
    needed = Flash("bad", who.reader.words.t("undelivered.done.reason_needed"))
    return sent_to(app, who, form.get("here") or target, needed)


def all_done(done: Done, reader: Reader) -> Flash:
    """Return what is said after many were set going at once: bad when something could not be, whatever else went well."""
    words = reader.words
    said = [words.t("undelivered.done.all", done=done.done)]
    if done.left:
        said.append(words.t("undelivered.done.left", left=done.left))
    if done.gone:
        said.append(words.n("undelivered.done.gone", done.gone))
    if done.failed:
        names = ", ".join(words.t(f"undelivered.unit.{unit}") for unit in done.failed)
        said.append(words.t("undelivered.done.away", names=names))
    return Flash("bad" if done.gone or done.failed else "ok", " ".join(said))


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
