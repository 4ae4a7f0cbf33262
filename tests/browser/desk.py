"""People at their browsers: a manager at the board, a visitor at a form."""

import os
from pathlib import Path
from typing import Self

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.product import PASSWORD, Product

ROOT = Path(__file__).parents[2]
_SITE = "http://site.example/"
_PHONE = {"width": 390, "height": 844}
_DESKTOP = {"width": 1440, "height": 900}
_CALM = ("Failed to load resource",)  # the browser's own line for an answer that the page handles


def pictures() -> Path:
    """Return where screenshots go: into the documents when they are to be renewed, else aside."""
    kept = os.environ.get("VORONKA_RENEW_SCREENSHOTS") == "1"
    folder = ROOT / "docs" / "screenshots" if kept else ROOT / ".local" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Desk:
    """A signed-in manager."""

    def __init__(self, context: BrowserContext, page: Page, product: Product) -> None:
        self.context = context
        self.page = page
        self.product = product
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @classmethod
    async def open(
        cls, browser: Browser, product: Product, login: str, *, phone: bool, dark: bool, examined: bool
    ) -> Self:
        """Open a browser of this kind and sign in; `examined` when a checker is to look at its pages."""
        context = await browser.new_context(
            viewport=_PHONE if phone else _DESKTOP,  # type: ignore[arg-type]
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            locale="ru-RU",
            color_scheme="dark" if dark else "light",
            bypass_csp=examined,  # the examiner is a script of its own
        )
        desk = cls(context, await context.new_page(), product)
        await desk.sign_in(login)
        return desk

    async def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Fill in the login page."""
        await self.page.goto(f"{self.product.url}/login")
        await self.page.fill("[name=login]", login)
        await self.page.fill("[name=password]", password)
        await self.page.press("[name=password]", "Enter")

    async def board(self, query: str = "") -> None:
        """Open the board and wait until it is live."""
        await self.page.goto(f"{self.product.url}/{query}")
        await self.live()

    async def live(self) -> None:
        """Wait until the page says that it is linked."""
        await expect(self.page.locator("#live:not(.v-off)")).to_be_visible(timeout=10_000)

    def column(self, key: str) -> Locator:
        """Return a column of the board."""
        return self.page.locator(f"[data-column={key}]")

    def card(self, name: str, column: str = "new") -> Locator:
        """Return the card of somebody in a column."""
        return self.column(column).locator(".v-card", has_text=name)

    async def picture(self, name: str) -> None:
        """Keep a screenshot."""
        await self.page.screenshot(path=pictures() / f"{name}.png")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_CALM):
            self.complaints.append(message.text)

    async def close(self) -> None:
        """Close the browser; whatever it complained of fails the test."""
        await self.context.close()
        assert not self.complaints, self.complaints


class Visitor:
    """Somebody who visits the company's site, in a tab of his own."""

    def __init__(self, context: BrowserContext, page: Page, product: Product) -> None:
        self._context = context
        self._page = page
        self._product = product

    @classmethod
    async def open(cls, browser: Browser, product: Product) -> Self:
        """Open a browser that knows nothing of the product."""
        context = await browser.new_context(locale="ru-RU")
        return cls(context, await context.new_page(), product)

    async def send(self, name: str, phone: str, comment: str, way: str = "site") -> None:
        """Fill in the form of the site and press the button."""
        form = (
            f"<form method=post action='{self._product.hook(way)}' accept-charset=utf-8>"
            "<input name='Ваше имя'><input name=phone><textarea name=comment></textarea><button>Отправить</button></form>"
        )
        await self._page.route(
            _SITE, lambda route: route.fulfill(body=form, content_type="text/html; charset=utf-8")
        )
        await self._page.goto(_SITE)
        await self._page.fill("[name='Ваше имя']", name)
        await self._page.fill("[name=phone]", phone)
        await self._page.fill("[name=comment]", comment)
        await self._page.click("button")
        await expect(self._page.get_by_role("heading")).to_contain_text("Спасибо")

    async def close(self) -> None:
        """Close the browser."""
        await self._context.close()
