"""A page of somebody's site with the form that the product gave for it, under a strict policy."""

import asyncio
import re
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, expect

from deploy.local.ports import LOOPBACK, free_port
from tests.browser.product import Product
from tests.shared.waiting import eventually

_CALM = ("Failed to load resource",)  # the browser's own line for an answer that the script handles


class FormPage:
    """A visitor at the form."""

    def __init__(
        self, context: BrowserContext, page: Page, product: Product, channel: dict[str, Any]
    ) -> None:
        self.page = page
        self.product = product
        self.channel = channel
        self.posts: list[str] = []
        self.complaints: list[str] = []
        self.address = ""
        self._context = context
        self._server: asyncio.Server
        self._answers: list[dict[str, Any] | None] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @classmethod
    async def open(cls, browser: Browser, product: Product, language: str = "ru", **connection: Any) -> Self:
        """Make a channel, put its form into a page and open it."""
        api = product.api("admin")
        wish = {
            "kind": "form",
            "provider": "generic",
            "name": "Форма на чужом сайте",
            "connection": connection,
        }
        channel = await asyncio.to_thread(api.post, "/channels", wish)
        path = f"/channels/{channel['id']}/snippet"
        snippet = await asyncio.to_thread(lambda: api.get(path, language=language))
        context = await browser.new_context(locale="ru-RU")
        found = cls(context, await context.new_page(), product, channel)
        await found._show(snippet, language)
        return found

    async def _show(self, snippet: dict[str, str], language: str) -> None:
        hooks = re.match(r"https?://[^/]+", snippet["hook_url"])
        assert hooks
        policy = f"default-src 'none'; script-src {hooks[0]}; connect-src {hooks[0]}; form-action {hooks[0]}"
        html = (
            f"<!doctype html><html lang={language}><title>Сайт</title><body>{snippet['html']}</body></html>"
        )
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: {policy}\r\n"
        answer = f"{head}Connection: close\r\n\r\n{html}".encode()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        port = free_port()  # a server of its own: browsers let no page from elsewhere reach this machine
        self._server = await asyncio.start_server(serve, LOOPBACK, port)
        self.address = f"http://{LOOPBACK}:{port}/?utm_source=yandex"
        await self.page.route(snippet["hook_url"], self._answer)
        await self.page.goto(self.address)

    async def _answer(self, route: Route) -> None:
        """Let a post through, or answer it in the product's place as the test wished."""
        if route.request.method == "POST":
            self.posts.append(route.request.post_data or "")
            answer = self._answers.pop(0) if self._answers else None
            if answer == {}:
                await route.abort("connectionreset")
                return
            if answer is not None:
                headers = {"Access-Control-Allow-Origin": "*", **answer.pop("headers", {})}
                await route.fulfill(headers=headers, **answer)
                return
        await route.continue_()

    def answer_next(self, *answers: dict[str, Any] | None) -> None:
        """Answer the next posts so: `{}` breaks the connection, None lets the post through."""
        self._answers += answers

    async def fill(self, name: str = "Пётр Сидоров", phone: str = "8 (900) 222-00-01") -> None:
        """Fill the form in."""
        await self.page.fill("[name=name]", name)
        await self.page.fill("[name=phone]", phone)
        await self.page.fill("[name=message]", "Нужна доставка")
        await self.page.check("[name=consent]")

    @property
    def status(self) -> Locator:
        """What the page says of the sending."""
        return self.page.locator("[data-voronka-status]")

    async def accepted(self) -> None:
        """Wait until the form is accepted."""
        await expect(self.status).to_have_attribute("data-state", "accepted", timeout=20_000)

    async def inquiries(self, least: int = 1) -> list[dict[str, Any]]:
        """Return what the product has of this form, once there are so many."""
        api = self.product.api("admin")

        async def stored() -> list[dict[str, Any]]:
            answer = await asyncio.to_thread(lambda: api.get("/inquiries", channel_id=self.channel["id"]))
            items: list[dict[str, Any]] = answer["items"]
            return items if len(items) >= least else []

        found: list[dict[str, Any]] = await eventually(stored)
        return found

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_CALM):
            self.complaints.append(message.text)

    async def close(self) -> None:
        """Close the browser; whatever it complained of fails the test."""
        await self._context.close()
        self._server.close()
        assert not self.complaints, self.complaints
