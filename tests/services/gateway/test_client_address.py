"""Staff is told where a login comes from: behind our own proxies the reader, else whoever connects."""

import httpx2

from services.gateway.service import SERVICE
from shared.http.client_address import CLIENT_ADDRESS
from tests.booting import Boot
from tests.services.gateway.browser import Browser
from tests.services.gateway.company import Person
from tests.services.gateway.owners import Owners

SESSION = "/api/v1/session"
FORWARDED = {"X-Forwarded-For": "192.0.2.7, 203.0.113.77", CLIENT_ADDRESS: "192.0.2.8"}


async def told(browser: Browser, anna: Person, owners: Owners) -> set[tuple[str, str]]:
    """Log in by the page and by the API; return who told staff of which address."""
    browser.http.headers.update(FORWARDED)
    found: set[tuple[str, str]] = set()
    for answer in (
        await browser.log_in(anna.login),
        await browser.http.post(SESSION, json={"login": anna.login, "password": anna.password}),
    ):
        assert answer.status_code in {201, 303}
        asked = owners.last(SESSION)
        assert asked.who is not None
        found.add((asked.who.kind, asked.headers[CLIENT_ADDRESS]))
    return found


async def test_a_stranger_cannot_say_that_he_is_somewhere_else(
    stranger: Browser, anna: Person, owners: Owners
) -> None:
    assert await told(stranger, anna, owners) == {("unit", "127.0.0.1")}


async def test_behind_a_proxy_that_we_trust_the_reader_counts(
    boot: Boot, units: dict[str, str], anna: Person, owners: Owners
) -> None:
    async with (
        boot(SERVICE, settings={**units, "VORONKA_TRUSTED_PROXIES": "127.0.0.1"}) as gateway,
        httpx2.AsyncClient(base_url=gateway.url, timeout=10) as client,
    ):
        assert await told(Browser(client), anna, owners) == {("unit", "203.0.113.77")}
