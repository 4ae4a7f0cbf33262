"""A real browser and the whole product, started once."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk, Visitor
from tests.browser.product import Product, started
from tests.databases import TestDatabases
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.system.processes import system

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
async def product(
    keys: TestKeys, fresh_vhost: NewVhost, databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Product]:
    """Yield the running product."""
    files: Path = tmp_path_factory.mktemp("product")
    async with system(keys, await fresh_vhost(), files, databases.fresh) as running:
        found = await started(running)
        yield found
        found.close()
    for item in running.databases.values():
        await databases.drop(item.name)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Yield Chromium; the one of the system, as Playwright's own is not downloaded."""
    program = os.environ.get("VORONKA_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        await found.close()


@pytest.fixture
async def enter(browser: Browser, product: Product) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    """Return the function that signs somebody of the company in, in a browser of his own."""
    async with AsyncExitStack() as stack:

        async def someone(
            login: str, *, phone: bool = False, dark: bool = False, examined: bool = False
        ) -> Desk:
            desk = await Desk.open(browser, product, login, phone=phone, dark=dark, examined=examined)
            stack.push_async_callback(desk.close)
            return desk

        yield someone


@pytest.fixture
async def visitor(browser: Browser, product: Product) -> AsyncIterator[Visitor]:
    """Yield somebody who fills in a form of a site."""
    found = await Visitor.open(browser, product)
    yield found
    await found.close()
