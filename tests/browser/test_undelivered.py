"""An administrator works on dead letters and on the quarantine; nobody else sees them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from shared.contracts.contacts import ContactChanged
from shared.contracts.envelope import encode
from shared.contracts.inquiries import EventQuarantined, Raw
from shared.kernel.clock import utc_now
from shared.kernel.ids import inquiry_id
from shared.messaging.publisher import Publisher, message
from shared.messaging.retries import park
from tests.browser.accessibility import grave_findings
from tests.browser.desk import Desk
from tests.browser.product import Product
from tests.browser.test_pictures import LOOKS
from tests.shared.waiting import eventually

Enter = Callable[..., Awaitable[Desk]]

LETTERS, QUARANTINE = "/settings/dead-letters", "/settings/quarantine"
QUEUE = "leads.contacts.contact-changed.v1"


@pytest.fixture
async def publisher(product: Product) -> AsyncIterator[Publisher]:
    """Yield a publisher beside the product."""
    async with Publisher(product.amqp_url, source="voronka/tests") as found:
        await eventually(lambda: found.connected)
        yield found


async def bury(product: Product, publisher: Publisher, name: str) -> None:
    """Let the news of a contact die on its way to leads."""
    contact = ContactChanged(contact_id=uuid4(), version=1, number=1, type="person", name=name)
    message_id = uuid4()
    body = encode(contact, message_id=message_id, source="voronka/contacts", time=utc_now())
    item = message(body, message_id=message_id, topic=contact.topic, headers={"x-attempt": 5})
    await park(publisher, QUEUE, item, "InterfaceError at services.leads.adapters.copies:31")
    statement = "select count(*) from dead_letters where message_id = $1"
    await eventually(lambda: found(product, statement, message_id))


async def quarantine(product: Product, publisher: Publisher, name: str) -> None:
    """Let the forms connector not understand a post."""
    channel, event = UUID(product.channels["site"]["id"]), uuid4().hex
    quarantined = EventQuarantined(
        inquiry_id=inquiry_id(channel, event),
        unit="forms",
        channel_id=channel,
        external_id=event,
        received_at=utc_now(),
        reason="KeyError at connectors.forms.providers.generic.translate:88",
        headers={"referer": "https://example.com/catalog", "user-agent": "Mozilla/5.0"},
        ip="203.0.113.7",
        raw=Raw(content_type="application/json", text=f'{{"Имя": "{name}", "phone": "+79004447711"}}'),
    )
    await publisher.publish(quarantined, message_id=uuid4(), mandatory=True, timeout=5)
    statement = "select count(*) from quarantined where id = $1"
    await eventually(lambda: found(product, statement, quarantined.inquiry_id))


async def found(product: Product, statement: str, value: object) -> int:
    """Return what a statement counts in the database of leads."""
    connection = await asyncpg.connect(product.leads_url)
    try:
        return int(await connection.fetchval(statement, value))
    finally:
        await connection.close()


@pytest.mark.feature("B27")
async def test_an_administrator_sees_a_dead_letter_replays_it_and_its_effect_is_there(
    enter: Enter, product: Product, publisher: Publisher
) -> None:
    name = f"Аглая Воскресшая {uuid4().hex[:6]}"
    await bury(product, publisher, name)
    desk = await enter("admin")
    await desk.page.goto(f"{product.url}/")
    await desk.page.get_by_role("navigation").get_by_role("link", name="Недоставленные").click()
    row = desk.page.locator(".v-und-row", has_text="contacts.contact-changed.v1").first
    await expect(row).to_contain_text("InterfaceError at services.leads.adapters.copies:31")
    await row.get_by_role("link").click()
    await expect(desk.page.get_by_role("main")).to_contain_text(name)
    assert await found(product, "select count(*) from known_contacts where name = $1", name) == 0
    await desk.page.get_by_role("button", name="Повторить", exact=True).click()
    await expect(desk.page.locator("#toasts")).to_contain_text("Сообщение возвращено в очередь")
    await expect(desk.page.get_by_role("main")).to_contain_text("Недоставленных сообщений нет")
    await eventually(lambda: found(product, "select count(*) from known_contacts where name = $1", name))
    await desk.page.get_by_role("link", name="Повторённые").click()
    await expect(desk.page.locator(".v-und-row").first).to_contain_text("contacts.contact-changed.v1")


async def test_a_letter_is_dropped_only_after_a_reason_was_given(
    enter: Enter, product: Product, publisher: Publisher
) -> None:
    await bury(product, publisher, "Аглая Лишняя")
    desk = await enter("admin")
    await desk.page.goto(f"{product.url}{LETTERS}")
    await desk.page.locator(".v-und-row").first.get_by_role("link").click()
    await expect(desk.page.get_by_role("button", name="Удалить насовсем")).to_be_hidden()
    await desk.page.locator("summary", has_text="Удалить").click()
    await desk.page.get_by_label("Почему").fill("проба")
    await desk.page.get_by_role("button", name="Удалить насовсем").click()
    await expect(desk.page.locator("#toasts")).to_contain_text("Содержимое удалено")
    await desk.page.goto(f"{product.url}{LETTERS}?state=dropped")
    await desk.page.locator(".v-und-row").first.get_by_role("link").click()
    main = desk.page.get_by_role("main")
    await expect(main).to_contain_text("проба")
    await expect(main).not_to_contain_text("Аглая Лишняя")


@pytest.mark.feature("B04")
async def test_what_could_not_be_read_is_read_again_and_becomes_a_lead(
    enter: Enter, product: Product, publisher: Publisher
) -> None:
    name = f"Прасковья Карантинная {uuid4().hex[:6]}"
    await quarantine(product, publisher, name)
    desk = await enter("admin")
    await desk.page.goto(f"{product.url}{LETTERS}")
    await desk.page.get_by_role("link", name="Карантин").click()
    row = desk.page.locator(".v-und-row").first
    await expect(row).to_contain_text("KeyError at connectors.forms")
    await row.get_by_role("link").click()
    await expect(desk.page.get_by_role("main")).to_contain_text(name)
    await desk.page.get_by_role("button", name="Разобрать снова").click()
    await expect(desk.page.locator("#toasts")).to_contain_text("отправлено на повторный разбор")
    await eventually(lambda: found(product, "select count(*) from leads where name = $1", name))
    await desk.page.goto(f"{product.url}{QUARANTINE}")
    await expect(desk.page.get_by_role("main")).to_contain_text("Карантин пуст")


async def test_a_manager_finds_no_way_to_undelivered_messages(enter: Enter, product: Product) -> None:
    desk = await enter("lanskoy")
    await desk.board()
    await expect(desk.page.get_by_role("link", name="Недоставленные")).to_have_count(0)
    answer = await desk.page.goto(f"{product.url}{LETTERS}")
    assert answer is not None
    assert answer.status == 403
    await expect(desk.page.get_by_role("heading", name="Сюда нет доступа")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
async def test_undelivered_messages_have_their_pictures(
    enter: Enter, product: Product, publisher: Publisher, look: str
) -> None:
    await bury(product, publisher, "Пётр Сергеевич Тихомиров")
    await quarantine(product, publisher, "Ольга Нечитаемая")
    desk = await enter("admin", examined=True, **LOOKS[look])
    for address, name in ((LETTERS, "undelivered"), (QUARANTINE, "quarantine")):
        await desk.page.goto(f"{product.url}{address}")
        await expect(desk.page.locator(".v-und-row").first).to_be_visible()
        await desk.page.wait_for_timeout(300)
        await desk.picture(f"{name}-{look}")
        assert await grave_findings(desk.page) == []
    await desk.page.goto(f"{product.url}{LETTERS}")
    await desk.page.locator(".v-und-row").first.get_by_role("link").click()
    await expect(desk.page.locator(".v-und-raw").first).to_be_visible()
    await desk.picture(f"dead-letter-{look}")
    assert await grave_findings(desk.page) == []
