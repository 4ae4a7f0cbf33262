"""In which manner a request asks: for a page or a piece of one, from which page, in which language."""

from fastapi import Request

from services.gateway.entrypoints.cookies import LANGUAGE
from services.gateway.entrypoints.security import local_address, split_address
from services.gateway.language.catalogue import CATALOGUES, LANGUAGES, Catalogue, language_of
from shared.http.client_address import TrustedProxies


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


def client_of(request: Request, proxies: TrustedProxies) -> str:
    """Return the address that the request comes from, behind proxies that we trust."""
    peer = request.client.host if request.client else ""
    return proxies.client(peer, ",".join(request.headers.getlist("x-forwarded-for")))


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
