"""What a sender gets back: JSON for scripts, a page or a redirect for a plain HTML form, problems for the rest."""

from functools import cache
from pathlib import Path
from uuid import UUID

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from connectors.forms.form_channel import TILDA, FormChannel, origin_of
from connectors.forms.rate_limit import TooManyPostsError
from shared.http.problems import of_error
from shared.kernel.errors import VoronkaError

_THANKS = Path(__file__).parent / "pages" / "thanks.html"
_LONGEST_REDIRECT = 2_000
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def accepted(channel: FormChannel, inquiry_id: UUID, cors: dict[str, str]) -> Response:
    """Return 202 with the id of the inquiry; Tilda takes nothing but 200 for a success."""
    body = b'{"inquiry_id":"%s"}' % str(inquiry_id).encode()
    status = 200 if channel.provider == TILDA else 202
    return Response(body, status, headers=cors, media_type="application/json")


def thanked(channel: FormChannel, wished: str, origin: str) -> Response:
    """Return what a person sees after sending a plain form: the site's own page if it may be shown, else ours."""
    target = _target(channel, wished, origin)
    if target:
        return RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    return HTMLResponse(_page(), 200, headers=_PAGE_HEADERS)


def probed(cors: dict[str, str]) -> Response:
    """Return what Tilda expects when an address is saved."""
    return PlainTextResponse("ok", 200, headers=cors)


def refused(error: VoronkaError, cors: dict[str, str]) -> Response:
    """Return the problem document of an error, readable for the page that sent the form."""
    answer = of_error(error)
    if isinstance(error, TooManyPostsError):
        answer.headers["Retry-After"] = str(error.wait_s)
    answer.headers.update(cors)
    if cors and "Retry-After" in answer.headers:
        answer.headers["Access-Control-Expose-Headers"] = "Retry-After"  # the page's script comes again then
    return answer


def _target(channel: FormChannel, wished: str, origin: str) -> str:
    """Return where the person may be sent.

    What a form wishes counts if it leads to a site of the channel's list, or, without a list, back to the very
    site that the form was on. The channel's own setting needs only to fit the list, if there is one.
    """
    own = channel.redirect_url
    if wished and (site := _site(wished)):
        if channel.origins is not None and site in channel.origins:
            return wished
        if channel.origins is None and site == origin.lower():
            return wished
    return own if own and (site := _site(own)) and channel.lets(site) else ""


def _site(url: str) -> str:
    printable = url.isprintable() and " " not in url and "\\" not in url
    return origin_of(url) if printable and len(url) <= _LONGEST_REDIRECT else ""


@cache
def _page() -> str:
    return _THANKS.read_text(encoding="utf-8")
