"""A page that listens to the live stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from tests.services.gateway.browser import Browser

WITHIN_S = 5


class Page:
    """An open page: the events that it was told, as they come."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed = asyncio.Event()

    def tell(self, block: str) -> None:
        """Take one block of the stream."""
        lines = [line.partition(": ") for line in block.splitlines()]
        event = {name: value for name, _, value in lines if name}
        if event:
            event["data"] = orjson.loads(event.get("data", "null"))
            self._told.put_nowait(event)

    async def next(self) -> dict[str, Any]:
        """Return the next event; TimeoutError when none comes."""
        async with asyncio.timeout(WITHIN_S):
            return await self._told.get()

    async def silent(self) -> bool:
        """Say whether nothing comes for a while."""
        await asyncio.sleep(0.3)
        return self._told.empty()


@asynccontextmanager
async def open_page(browser: Browser, address: str = "/live", **headers: str) -> AsyncIterator[Page]:
    """Open the stream of a page; it is listening when the block begins."""
    page, opened = Page(), asyncio.Event()

    async def read() -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with browser.http.stream("GET", address, headers=sent) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            block = ""
            async for line in answer.aiter_lines():
                opened.set()
                if line:
                    block += line + "\n"
                else:
                    page.tell("" if block.startswith(":") else block)
                    block = ""
        page.closed.set()

    task = asyncio.create_task(read())
    try:
        async with asyncio.timeout(WITHIN_S):
            await asyncio.wait([task, asyncio.create_task(opened.wait())], return_when="FIRST_COMPLETED")
        yield page
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
