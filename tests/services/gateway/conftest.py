"""The gateway as it runs, before owners that a test can fill, slow down and ask about."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest
import uvicorn

from deploy.local.ports import LOOPBACK, free_port
from services.gateway.service import SERVICE
from shared.http.tokens import KeyRing, SigningKey
from tests.booting import Boot, Running, _Server, _serving
from tests.keys import TestKeys
from tests.services.gateway.browser import Browser
from tests.services.gateway.company import Person
from tests.services.gateway.owners import Owners, server_of
from tests.services.gateway.undelivered import LETTERS, QUARANTINE, say

NewBrowser = Callable[[], Awaitable[Browser]]


@asynccontextmanager
async def _served(owners: Owners) -> AsyncIterator[str]:
    port = free_port()
    config = uvicorn.Config(server_of(owners), host=LOOPBACK, port=port, log_config=None, access_log=False)
    async with _serving(_Server(config)):
        yield f"http://{LOOPBACK}:{port}"


@pytest.fixture(scope="session")
async def owners_at(keys: TestKeys) -> AsyncIterator[tuple[Owners, str]]:
    """Yield the owners and their one address."""
    owners = Owners(SigningKey("staff", keys.seed("staff")), KeyRing.parse(keys.ring))
    async with _served(owners) as url:
        yield owners, url


@pytest.fixture(scope="session")
def units(owners_at: tuple[Owners, str]) -> dict[str, str]:
    """Return the settings that name the owners' address."""
    names = ("STAFF", "CHANNELS", "CONTACTS", "LEADS")
    return {f"VORONKA_{name}_URL": owners_at[1] for name in names}


@pytest.fixture(scope="session")
async def gateway(boot: Boot, units: dict[str, str]) -> AsyncIterator[Running]:
    """Yield the running gateway."""
    async with boot(SERVICE, settings=units) as running:
        yield running


@pytest.fixture
def owners(owners_at: tuple[Owners, str], gateway: Running) -> Owners:
    """Return the owners, empty; the gateway has forgotten them too."""
    owners, _ = owners_at
    owners.reset()
    gateway.app.sessions.forget_all()
    for recent in (gateway.app.known.channels, gateway.app.known.people, gateway.app.known.teams):
        recent.drop()
    gateway.app.openapi.drop()
    return owners


@pytest.fixture
async def new_browser(gateway: Running) -> AsyncIterator[NewBrowser]:
    """Return the function that opens another browser."""
    async with AsyncExitStack() as stack:

        async def opened() -> Browser:
            client = httpx2.AsyncClient(base_url=gateway.url, follow_redirects=False, timeout=10)
            return Browser(await stack.enter_async_context(client))

        yield opened


@pytest.fixture
async def stranger(owners: Owners, new_browser: NewBrowser) -> Browser:
    """Return the browser of somebody who is not signed in."""
    assert not owners.sessions
    return await new_browser()


@pytest.fixture
def anna(owners: Owners) -> Person:
    """Return an employee with all rights."""
    return owners.employ(Person("anna", "Анна Смирнова"))


@pytest.fixture
async def browser(anna: Person, new_browser: NewBrowser) -> Browser:
    """Return the browser of Anna, who is signed in."""
    opened = await new_browser()
    answer = await opened.log_in(anna.login)
    assert answer.status_code == 303, answer.text
    return opened


@pytest.fixture
async def admin(owners: Owners, browser: Browser, anna: Person) -> Browser:
    """Return the browser of an administrator, before owners where nothing waits."""
    anna.grants["roles.edit"] = "all"
    say(owners, LETTERS)
    say(owners, QUARANTINE)
    return browser
