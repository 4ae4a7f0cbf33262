"""An inquiry is moved by hand from one lead to another, in a real browser."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import grave_findings
from tests.browser.desk import Desk, Visitor

Enter = Callable[..., Awaitable[Desk]]


@pytest.mark.feature("B06")
@pytest.mark.parametrize("look", ["light", "dark"])
async def test_an_inquiry_moved_to_another_lead_is_seen_there_with_the_reason(
    enter: Enter, visitor: Visitor, look: str
) -> None:
    dark = look == "dark"
    first, second = ("Зинаида Ночная", "Зоя Ночная") if dark else ("Зинаида Дневная", "Зоя Дневная")
    desk = await enter("lanskoy", dark=dark, examined=True)
    await visitor.send(first, f"8900111002{int(dark)}", "Заказ Зои, пишу со своего телефона")
    await visitor.send(second, f"8900111003{int(dark)}", "Где мой заказ?")
    await desk.board()
    await expect(desk.card(second)).to_be_visible()
    await desk.card(first).get_by_role("link", name=first).click()
    await desk.live()
    main = desk.page.get_by_role("main")
    await main.get_by_role("link", name="Перенести…").click()
    window = desk.page.get_by_role("dialog")
    await window.get_by_role("button", name="Перенести").click()
    await expect(window.get_by_role("alert")).to_contain_text("Выберите, в какой лид перенести.")
    await window.get_by_role("searchbox").fill(f"111-00-3{int(dark)}")
    await expect(window.get_by_role("radio")).to_have_count(2)
    await window.get_by_text(second).click()
    await window.get_by_role("button", name="Перенести").click()
    await expect(window.get_by_role("alert")).to_contain_text("Напишите, почему обращение переносят.")
    await desk.picture(f"move-{look}")
    assert await grave_findings(desk.page) == []
    await window.get_by_role("textbox").fill("это заказ Зои")
    await desk.page.keyboard.press("Control+Enter")
    await expect(window).to_have_count(0)
    await expect(main).to_contain_text("Обращение перенесено в другой лид")
    await expect(main).not_to_contain_text("Заказ Зои, пишу со своего телефона")
    await desk.page.locator("#toasts").get_by_role("button", name="Открыть").click()
    await expect(desk.page.get_by_role("heading", name=second)).to_be_visible()
    await expect(main).to_contain_text("Заказ Зои, пишу со своего телефона")
    await expect(main).to_contain_text("Обращение перенесено сюда из другого лида")
    await expect(main).to_contain_text("это заказ Зои")


async def test_a_refused_move_is_told_in_the_window_which_stays_open(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await visitor.send("Зинаида Первая строка", "89001110040", "Кому это?")
    await visitor.send("Зоя Закрытая", "89001110041", "Меня скоро отклонят")
    await desk.board()
    await expect(desk.card("Зоя Закрытая")).to_be_visible()
    await desk.card("Зинаида Первая строка").get_by_role("link", name="Зинаида Первая строка").click()
    await desk.page.get_by_role("main").get_by_role("link", name="Перенести…").click()
    window = desk.page.get_by_role("dialog")
    await window.get_by_role("searchbox").fill("Зоя Закрытая")
    await expect(window.get_by_role("radio")).to_have_count(2)
    await window.get_by_text("Зоя Закрытая").click()
    await window.get_by_role("textbox").fill("её вопрос")
    api = desk.product.api("admin")
    lead = api.get("/leads", q="Зоя Закрытая")["items"][0]
    reason = api.get("/rejection-reasons")["items"][0]["id"]
    api.post(f"/leads/{lead['id']}/reject", {"reason_id": reason})
    await window.get_by_role("button", name="Перенести").click()
    await expect(window.get_by_role("alert").last).to_contain_text("сейчас он «Отклонён»")
    await expect(window.get_by_role("textbox")).to_have_value("её вопрос")
    await window.get_by_text("В новый лид").click()
    await window.get_by_role("button", name="Перенести").click()
    await expect(window).to_have_count(0)
    await expect(desk.page.locator("#toasts")).to_contain_text("Обращение перенесено в лид №")
