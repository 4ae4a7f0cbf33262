"""The card of a lead: everything about it, and why it is here."""

import re
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


async def test_a_client_who_wrote_again_waits_until_the_button_says_that_he_was_answered(
    enter: Enter, visitor: Visitor
) -> None:
    desk, head = await enter("lanskoy"), await enter("admin")
    await visitor.send("Зинаида Тринадцатая", "89001110013", "Первое слово")
    await desk.board()
    await desk.card("Зинаида Тринадцатая").get_by_role("link", name="Зинаида Тринадцатая").click()
    await desk.live()
    lead_head = desk.page.locator(".v-lead-head")
    await lead_head.get_by_role("button", name="Принять").click()
    await expect(desk.page.get_by_role("main")).to_contain_text("Принят в работу")
    await expect(lead_head.get_by_role("button", name="Ответил")).to_be_visible()  # nobody has answered yet
    await expect(lead_head.locator(".v-wait")).to_have_count(0)
    await visitor.send("Зинаида Тринадцатая", "89001110013", "Когда ответите?")
    await expect(lead_head.locator(".v-wait")).to_be_visible()
    await head.board("?assigned_to=all")
    elsewhere = head.card("Зинаида Тринадцатая", "today")
    await expect(elsewhere).to_contain_text("Ждёт ответа")
    await lead_head.get_by_role("button", name="Ответил").click()
    await expect(lead_head.locator(".v-wait")).to_have_count(0)
    await expect(lead_head.get_by_role("button", name="Ответил")).to_have_count(0)
    await expect(desk.page.get_by_role("main")).to_contain_text("Клиенту ответили")
    await expect(elsewhere).to_contain_text("Ответили за")
    await expect(elsewhere).not_to_contain_text("Ждёт ответа")


async def test_an_answer_is_noted_from_the_menu_of_a_card_while_it_waits(
    enter: Enter, visitor: Visitor
) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await visitor.send("Зинаида Четырнадцатая", "89001110014", "Ответьте мне")
    card = desk.card("Зинаида Четырнадцатая")
    await expect(card.locator(".v-wait")).to_be_visible()
    await card.scroll_into_view_if_needed()
    await card.click(button="right")
    await desk.page.get_by_role("menuitem", name="Ответил").click()
    await expect(card.locator(".v-wait")).to_have_count(0)
    await expect(desk.page.locator("#toasts")).to_contain_text("Ответ клиенту отмечен")
    await expect(card).not_to_have_attribute("data-may", re.compile("answered"))
