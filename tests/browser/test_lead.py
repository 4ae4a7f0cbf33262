"""The card of a lead: everything about it, and why it is here."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk, Visitor

Enter = Callable[..., Awaitable[Desk]]


@pytest.mark.feature("B06")
@pytest.mark.feature("S050")
async def test_the_card_of_a_lead_shows_what_came_and_says_why_it_is_here(
    enter: Enter, visitor: Visitor
) -> None:
    desk = await enter("lanskoy")
    await desk.product.know("Зинаида Известная", "+79001110010")
    await visitor.send("Зина", "8 (900) 111-00-10", "Расчёт кровли 9×11")
    await desk.board()
    await desk.card("Зинаида Известная").get_by_role("link", name="Зинаида Известная").click()
    main = desk.page.get_by_role("main")
    await expect(main.get_by_role("heading", name="Зинаида Известная")).to_be_visible()
    await expect(main).to_contain_text("+7 (900) 111-00-10")
    await expect(main).to_contain_text("Почему сюда?")
    await expect(main).to_contain_text("правило «знакомый клиент»")
    await expect(main).to_contain_text("Расчёт кровли 9×11")
    await expect(main).to_contain_text("Сайт: расчёт стоимости")


@pytest.mark.feature("S071")
async def test_what_happens_to_a_lead_is_seen_on_its_open_card_at_once(
    enter: Enter, visitor: Visitor
) -> None:
    lanskoy, rogova = await enter("lanskoy"), await enter("rogova")
    await visitor.send("Зинаида Одиннадцатая", "89001110011", "Открытая карточка")
    for desk in (lanskoy, rogova):
        await desk.board()
        await desk.card("Зинаида Одиннадцатая").get_by_role("link", name="Зинаида Одиннадцатая").click()
        await desk.live()
    await lanskoy.page.get_by_role("button", name="Принять").click()
    await expect(lanskoy.page.get_by_role("main")).to_contain_text("Принят в работу")
    await visitor.send("Зинаида Одиннадцатая", "89001110011", "И ещё одно слово")
    await expect(lanskoy.page.get_by_role("main")).to_contain_text("И ещё одно слово")


async def test_markup_from_outside_is_shown_and_never_run(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    name = "<img src=x onerror=alert(1)>"
    await visitor.send(name, "89001110012", "<script>alert(2)</script>{{ 7*7 }}")
    card = desk.card("onerror=alert(1)")
    await expect(card).to_contain_text("<script>alert(2)</script>{{ 7*7 }}")
    await card.get_by_role("link", name=name).click()
    await expect(desk.page.get_by_role("heading", name=name)).to_be_visible()
    await expect(desk.page.get_by_role("main")).to_contain_text("{{ 7*7 }}")
