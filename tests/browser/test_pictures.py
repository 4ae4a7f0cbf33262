"""A picture of every page, light, dark and on a phone, and what an accessibility checker says of it.

`VORONKA_RENEW_SCREENSHOTS=1` puts the pictures into the documents.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from deploy.demo.client import Api
from deploy.demo.live import AT_ONCE, begin_the_day, send
from tests.browser.accessibility import grave_findings
from tests.browser.desk import Desk, pictures
from tests.browser.product import PASSWORD, Product
from tests.shared.waiting import eventually

Enter = Callable[..., Awaitable[Desk]]
LOOKS = {"light": {}, "dark": {"dark": True}, "phone": {"phone": True}}


async def a_working_day(product: Product) -> None:
    """Let some forms come and some of them be claimed, once."""
    if product.worked:
        return
    product.worked = True
    sent = await asyncio.to_thread(send, product.channels, AT_ONCE, pause=False, seed=1)
    await eventually(lambda: product.api("admin").get("/leads/count", status="new")["count"] > sent // 2)
    await asyncio.to_thread(begin_the_day, lambda login: Api(product.url, login, PASSWORD))


@pytest.mark.parametrize("look", LOOKS)
async def test_the_board_and_a_lead_have_their_pictures(enter: Enter, product: Product, look: str) -> None:
    await a_working_day(product)
    desk = await enter("lanskoy", examined=True, **LOOKS[look])
    await desk.page.goto(f"{product.url}/")
    await expect(desk.page.locator(".v-card").first).to_be_visible()
    await desk.page.wait_for_timeout(500)  # fonts and the first move of the pictures
    await desk.picture(f"board-{look}")
    assert await grave_findings(desk.page) == []
    await desk.page.goto(f"{product.url}{await desk.page.locator('.v-card a').first.get_attribute('href')}")
    await expect(desk.page.get_by_role("heading").first).to_be_visible()
    await desk.page.wait_for_timeout(300)
    await desk.picture(f"lead-{look}")
    assert await grave_findings(desk.page) == []
    assert (pictures() / f"lead-{look}.png").stat().st_size > 10_000


@pytest.mark.parametrize("look", ["light", "phone"])
async def test_the_door_has_its_picture(browser: Browser, product: Product, look: str) -> None:
    size = {"width": 1440, "height": 900} if look == "light" else {"width": 390, "height": 844}
    context = await browser.new_context(viewport=size, device_scale_factor=1 if look == "light" else 2)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{product.url}/login")
    await expect(page.locator("[name=login]")).to_be_focused()
    await page.screenshot(path=pictures() / f"login-{look}.png")
    await context.close()
