"""The main jobs of a manager at the board, in a real browser against the whole product."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk, Visitor

Enter = Callable[..., Awaitable[Desk]]


@pytest.mark.feature("S001")
@pytest.mark.feature("S046")
@pytest.mark.feature("S072")
@pytest.mark.feature("B24")
async def test_a_form_sent_in_one_browser_is_a_card_in_another_without_a_reload(
    enter: Enter, visitor: Visitor
) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await visitor.send("Зинаида Первая", "8 (900) 111-00-01", "Нужен расчёт забора, 40 метров")
    card = desk.card("Зинаида Первая")
    await expect(card).to_be_visible()
    await expect(card).to_contain_text("+7 (900) 111-00-01")
    await expect(card).to_contain_text("Нужен расчёт забора, 40 метров")
    await expect(card).to_contain_text("Розница")
    await expect(desk.column("new").locator(".v-card").last).to_contain_text("Зинаида Первая")


@pytest.mark.feature("B14")
async def test_what_one_person_sends_again_grows_the_card_that_is_there(
    enter: Enter, visitor: Visitor
) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await visitor.send("Зинаида Вторая", "8 900 111-00-02", "Первый вопрос")
    await expect(desk.card("Зинаида Вторая")).to_have_count(1)
    await visitor.send("Зинаида Вторая", "+79001110002", "Ещё вопрос про доставку")
    card = desk.card("Зинаида Вторая")
    await expect(card).to_contain_text("Ещё вопрос про доставку")
    await expect(card).to_have_count(1)
    await expect(card.locator(".v-unread")).to_have_text("2")


@pytest.mark.feature("S058")
@pytest.mark.feature("S070")
async def test_a_claimed_lead_moves_to_work_and_leaves_the_boards_of_the_others(
    enter: Enter, visitor: Visitor
) -> None:
    lanskoy, rogova = await enter("lanskoy"), await enter("rogova")
    await asyncio.gather(lanskoy.board(), rogova.board())
    await visitor.send("Зинаида Третья", "89001110003", "Замер в субботу")
    await expect(rogova.card("Зинаида Третья")).to_be_visible()
    card = lanskoy.card("Зинаида Третья")
    await card.hover()
    await card.get_by_role("button", name="Принять").click()
    await expect(lanskoy.card("Зинаида Третья", "today")).to_be_visible()
    await expect(lanskoy.card("Зинаида Третья")).to_have_count(0)
    await expect(rogova.card("Зинаида Третья")).to_have_count(0)
    await lanskoy.page.get_by_role("button", name="Отменить").click()
    await expect(lanskoy.card("Зинаида Третья")).to_be_visible()
    await expect(rogova.card("Зинаида Третья")).to_be_visible()


@pytest.mark.feature("S058")
async def test_of_two_managers_who_claim_at_once_one_gets_it_and_the_other_is_told_by_whom(
    enter: Enter, visitor: Visitor
) -> None:
    desks = [await enter("lanskoy"), await enter("rogova")]
    await visitor.send("Зинаида Четвёртая", "89001110004", "Кто первый?")
    for desk in desks:
        await desk.board()
        await desk.card("Зинаида Четвёртая").hover()
    await asyncio.gather(
        *(desk.card("Зинаида Четвёртая").get_by_role("button", name="Принять").click() for desk in desks)
    )
    told = re.compile("Лид уже взял (Игорь Ланской|Анна Рогова)|Лид принят")
    for desk in desks:
        await expect(desk.page.locator("#toasts")).to_contain_text(told)
    counts = [await desk.card("Зинаида Четвёртая", "today").count() for desk in desks]
    assert sorted(counts) == [0, 1]
    loser = desks[counts.index(0)]
    await expect(loser.page.locator("#toasts")).to_contain_text("Лид уже взял")
    await loser.page.mouse.move(0, 0)  # nothing jumps under the pointer: the card goes when it is left
    await expect(loser.card("Зинаида Четвёртая")).to_have_count(0)


@pytest.mark.feature("S065")
@pytest.mark.feature("S066")
@pytest.mark.feature("S068")
async def test_a_channel_that_demands_a_reason_opens_the_form_for_it(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await visitor.send("Зинаида Пятая", "89001110005", "Сколько стоит?")
    card = desk.card("Зинаида Пятая")
    await card.click(button="right")
    await desk.page.get_by_role("menuitem", name="Отклонить").click()
    window = desk.page.get_by_role("dialog")
    await expect(window).to_contain_text("Отклонить лид")
    await window.get_by_role("button", name="Отклонить").click()
    await expect(window).to_be_visible()
    await window.get_by_text("Дорого").click()
    await window.get_by_role("textbox").fill("искала дешевле")
    await window.get_by_role("button", name="Отклонить").click()
    await expect(desk.card("Зинаида Пятая")).to_have_count(0)
    await expect(desk.page.locator("#toasts")).to_contain_text("Лид отклонён")
    rejected = desk.product.api("lanskoy").get("/leads", q="Зинаида Пятая")["items"][0]
    assert rejected["rejection"]["reason"] == "Дорого"
    assert rejected["rejection"]["comment"] == "искала дешевле"


@pytest.mark.feature("S060")
@pytest.mark.feature("S071")
async def test_a_lead_is_handed_over_by_the_keyboard(enter: Enter, visitor: Visitor) -> None:
    lanskoy, kim = await enter("lanskoy"), await enter("kim")
    await asyncio.gather(lanskoy.board(), kim.board())
    await visitor.send("Зинаида Шестая", "89001110006", "Передайте Дмитрию")
    card = lanskoy.card("Зинаида Шестая")
    await expect(card).to_be_visible()
    await card.focus()
    await lanskoy.page.keyboard.press("h")
    window = lanskoy.page.get_by_role("dialog")
    await window.get_by_text("Дмитрий Ким").click()
    await window.get_by_role("textbox").last.fill("ваш клиент")
    await lanskoy.page.keyboard.press("Control+Enter")
    await expect(lanskoy.card("Зинаида Шестая")).to_have_count(0)
    await expect(kim.card("Зинаида Шестая")).to_be_visible()


async def test_a_card_dragged_into_work_is_claimed(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await visitor.send("Зинаида Седьмая", "89001110007", "Перетащите меня")
    card = desk.card("Зинаида Седьмая")
    await expect(card).to_be_visible()
    await card.drag_to(desk.column("today").locator("[data-cards]"))
    await expect(desk.card("Зинаида Седьмая", "today")).to_be_visible()
    await expect(desk.page.locator("#toasts")).to_contain_text(
        "Лид принят"
    )  # the card moves before the owner agrees
    found = desk.product.api("lanskoy").get("/leads", q="Зинаида Седьмая")["items"][0]
    assert (found["status"], found["responsible"]["name"]) == ("in_work", "Игорь Ланской")


@pytest.mark.feature("B24")
async def test_a_page_that_lost_its_link_says_so_and_catches_up(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await desk.context.set_offline(offline=True)
    await expect(desk.page.locator(".v-banner")).to_contain_text("Связь потеряна")
    await visitor.send("Зинаида Восьмая", "89001110008", "Пока связи не было")
    await desk.context.set_offline(offline=False)
    await desk.live()
    await expect(desk.page.locator(".v-banner")).to_be_hidden()
    await expect(desk.card("Зинаида Восьмая")).to_be_visible()
    desk.complaints.clear()  # the browser's own words about the lost network


async def test_the_board_is_searched_and_filtered(enter: Enter, visitor: Visitor) -> None:
    desk = await enter("lanskoy")
    await visitor.send("Зинаида Девятая", "89001110009", "Найдите меня")
    await desk.board()
    await desk.page.keyboard.press("/")
    await desk.page.keyboard.type("111-00-09")
    await desk.page.keyboard.press("Enter")
    await expect(desk.card("Зинаида Девятая")).to_be_visible()
    await expect(desk.column("new").locator(".v-card")).to_have_count(1)
    assert "q=111-00-09" in desk.page.url
