"""The script of embedded forms: nothing typed is lost, nothing is sent twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.desk import Desk
from tests.browser.form_page import FormPage
from tests.browser.product import Product

BUSY = {"status": 503, "headers": {"Retry-After": "1"}, "body": "{}"}
Open = Callable[..., Awaitable[FormPage]]


@pytest.fixture
async def embed(browser: Browser, product: Product) -> AsyncIterator[Open]:
    """Yield the function that opens a page with a form of a new channel."""
    async with AsyncExitStack() as stack:

        async def open_page(language: str = "ru") -> FormPage:
            found = await FormPage.open(
                browser, product, language, min_fill_seconds=0, consent_version="2026-11"
            )
            stack.push_async_callback(found.close)
            return found

        yield open_page


@pytest.mark.feature("S046")
async def test_what_was_typed_survives_a_reload_and_is_gone_once_it_is_accepted(embed: Open) -> None:
    form = await embed()
    await form.fill()
    await form.page.reload()
    await expect(form.page.locator("[name=name]")).to_have_value("Пётр Сидоров")
    await expect(form.page.locator("[name=message]")).to_have_value("Нужна доставка")
    await expect(form.page.locator("[name=consent]")).not_to_be_checked()
    await form.page.check("[name=consent]")
    await form.page.click("button")
    await form.accepted()
    await expect(form.status).to_have_text("Спасибо! Заявка принята.")
    await expect(form.status).to_have_attribute("role", "status")
    await expect(form.page.locator("[name=name]")).to_have_value("")
    await form.page.reload()
    await expect(form.page.locator("[name=name]")).to_have_value("")
    (inquiry,) = await form.inquiries()
    assert inquiry["sender"]["phones"] == ["8 (900) 222-00-01"]
    assert (inquiry["text"], inquiry["utm"]) == ("Нужна доставка", {"utm_source": "yandex"})
    assert inquiry["page_url"] == form.address
    shown = {field["label"]: field["value"] for field in inquiry["fields"]}
    assert shown == {"Согласие": "да", "Версия согласия": "2026-11"}
    assert not inquiry["suspected_spam"]


async def test_a_form_is_sent_again_until_it_is_accepted_and_is_one_inquiry(embed: Open) -> None:
    form = await embed()
    await form.fill(phone="89002220002")
    form.answer_next(BUSY, {}, None)
    await form.page.click("button")
    await expect(form.status).to_have_text("Сервер занят, пробуем ещё раз…")
    await expect(form.status).to_have_text("Нет связи, пробуем ещё раз…")
    await form.accepted()
    assert len(form.posts) == 3
    assert len({json.loads(post)["submission_id"][0] for post in form.posts}) == 1
    (inquiry,) = await form.inquiries()
    assert inquiry["external_id"] == json.loads(form.posts[0])["submission_id"][0]


async def test_a_double_click_is_one_inquiry(embed: Open) -> None:
    form = await embed()
    await form.fill(phone="89002220003")
    await form.page.dblclick("button")
    await form.accepted()
    assert len(form.posts) == 1
    await form.fill(phone="89002220004")
    await form.page.click("button")
    await form.accepted()
    assert len(await form.inquiries(2)) == 2


async def test_a_reload_before_the_answer_sends_the_same_event(embed: Open) -> None:
    form = await embed()
    await form.fill(phone="89002220005")
    form.answer_next(BUSY)
    await form.page.click("button")
    await expect(form.status).to_have_attribute("data-state", "again")
    await form.page.reload()
    await form.page.check("[name=consent]")
    await form.page.click("button")
    await form.accepted()
    assert len({json.loads(post)["submission_id"][0] for post in form.posts}) == 1


async def test_a_refused_form_says_so_and_keeps_what_was_typed(embed: Open) -> None:
    form = await embed("en")
    await form.fill(phone="89002220006")
    form.answer_next({"status": 400, "body": "{}"})
    await form.page.click("button")
    await expect(form.status).to_have_attribute("role", "alert")
    await expect(form.status).to_have_text("Not accepted. Check the fields and the size of files.")
    await expect(form.page.locator("[name=phone]")).to_have_value("89002220006")
    assert len(form.posts) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_form_whose_address_is_gone_says_so(embed: Open, status: int) -> None:
    form = await embed()
    await form.fill(phone="89002220008")
    form.answer_next({"status": status, "body": "{}"})
    await form.page.click("button")
    await expect(form.status).to_have_text(
        "Не принято: эта форма больше не работает. Свяжитесь с нами иначе."
    )
    await expect(form.status).to_have_attribute("data-state", "refused")
    assert len(form.posts) == 1


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("local", "Не удалось отправить. Текст сохранён, попробуйте позже."),
        ("off", "Не удалось отправить. Не закрывайте страницу, попробуйте позже."),
    ],
)
async def test_only_a_text_that_is_saved_is_said_to_be(embed: Open, draft: str, said: str) -> None:
    form = await embed()
    await form.page.locator("form").evaluate("(form, draft) => { form.dataset.draft = draft }", draft)
    await form.page.evaluate("() => { const wait = setTimeout; window.setTimeout = (act) => wait(act, 10) }")
    await form.fill(phone="89002220009")
    form.answer_next(*[{"status": 429, "body": "{}"} for _ in range(6)])
    await form.page.click("button")
    await expect(form.status).to_have_text(said)
    await expect(form.status).to_have_attribute("data-state", "failed")
    assert len(form.posts) == 6


@pytest.mark.feature("S046")
async def test_a_file_of_a_form_is_saved_from_the_card_of_its_lead(
    embed: Open, enter: Callable[..., Awaitable[Desk]]
) -> None:
    form = await embed()
    await form.fill(phone="89002220007")
    file = FilePayload(name="план участка.pdf", mimeType="text/html", buffer=b"%PDF-1.7 plan")
    await form.page.set_input_files("[name=files]", [file])
    await form.page.click("button")
    await form.accepted()
    (inquiry,) = await form.inquiries()
    assert [(one["name"], one["content_type"]) for one in inquiry["attachments"]] == [
        ("план участка.pdf", "application/pdf")
    ]
    desk = await enter("admin")
    await desk.page.goto(f"{desk.product.url}/leads/{inquiry['lead_id']}")
    async with desk.page.expect_download() as waiting:
        await desk.page.click(".v-entry-files a")
    saved = await (await waiting.value).path()
    assert (await waiting.value).suggested_filename == "план участка.pdf"
    assert await asyncio.to_thread(saved.read_bytes) == b"%PDF-1.7 plan"
