"""Spam is told from clients with one question, and the answer can be taken back, in a real browser."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import grave_findings
from tests.browser.desk import Desk, Visitor
from tests.shared.waiting import eventually

Enter = Callable[..., Awaitable[Desk]]


@pytest.mark.feature("S008")
@pytest.mark.parametrize("look", ["light", "dark"])
async def test_a_lead_marked_as_spam_opens_no_more_until_it_is_taken_back(
    enter: Enter, visitor: Visitor, look: str
) -> None:
    dark = look == "dark"
    name, phone = ("Ночной спамер", "89001110051") if dark else ("Дневной спамер", "89001110050")
    desk = await enter("lanskoy", dark=dark, examined=True)
    await desk.board()
    await visitor.send(name, phone, "Базы клиентов недорого")
    await desk.card(name).scroll_into_view_if_needed()
    await desk.card(name).click(button="right")
    await desk.page.get_by_role("menuitem", name="Спам…").click()
    window = desk.page.get_by_role("dialog")
    await expect(window).to_contain_text("Это спам?")
    await desk.page.mouse.move(0, 0)
    await desk.page.wait_for_timeout(300)
    await desk.picture(f"spam-{look}")
    assert await grave_findings(desk.page) == []
    await window.get_by_role("button", name="Это спам").click()
    await expect(desk.page.locator("#toasts")).to_contain_text("Лид отклонён как спам")
    await expect(desk.card(name, "rejected")).to_have_count(1)
    await visitor.send(name, phone, f"Ещё базы, {look}")
    api = desk.product.api("admin")

    def kept() -> list[str]:
        return [item["text"] for item in api.get("/inquiries", rule="spam")["items"]]

    await eventually(lambda: f"Ещё базы, {look}" in kept())
    await expect(desk.card(name)).to_have_count(0)
    lead = api.get("/leads", q=name)["items"][0]
    assert lead["rejection"]["reason"] == "Спам или реклама"
    await desk.page.goto(f"{desk.product.url}/leads/{lead['id']}")
    main = desk.page.get_by_role("main")
    await expect(main).to_contain_text("Отклонён как спам")
    await main.get_by_role("button", name="Вернуть в работу").click()
    await expect(main).to_contain_text(f"Ещё базы, {look}")
    await expect(main).to_contain_text("Снова открыт")
