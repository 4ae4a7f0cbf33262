"""The door: who gets in, and what it says to who does not."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, expect

from tests.browser.desk import Desk
from tests.browser.product import Product

Enter = Callable[..., Awaitable[Desk]]


async def test_a_wrong_password_says_not_which_of_the_two_was_wrong(
    browser: Browser, product: Product
) -> None:
    context = await browser.new_context(locale="ru-RU")
    page = await context.new_page()
    await page.goto(f"{product.url}/")
    await expect(page).to_have_url(f"{product.url}/login")
    await page.fill("[name=login]", "lanskoy")
    await page.fill("[name=password]", "not his password")
    await page.press("[name=password]", "Enter")
    await expect(page.get_by_role("alert")).to_have_text("Логин или пароль не подходят")
    await context.close()


async def test_who_signs_out_is_out(enter: Enter) -> None:
    desk = await enter("kim")
    await desk.board()
    await desk.page.get_by_title("Профиль и настройки").click()
    await desk.page.get_by_role("button", name="Выйти").click()
    await desk.page.goto(f"{desk.product.url}/")
    await expect(desk.page.get_by_role("heading", name="Вход")).to_be_visible()


async def test_the_language_and_the_look_are_chosen_by_each_for_himself(enter: Enter) -> None:
    desk = await enter("belova")
    await desk.board()
    await desk.page.get_by_title("Профиль и настройки").click()
    await (
        desk.page.get_by_role("button", name="English")
        .or_(desk.page.get_by_text("EN", exact=True))
        .first.click()
    )
    await expect(desk.page.locator("html")).to_have_attribute("lang", "en")
