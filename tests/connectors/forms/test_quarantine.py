"""A fault of ours loses nothing: the post is kept raw, answered, and translated again when the fault is mended."""

import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from connectors.forms import quarantine, reading
from connectors.forms.subscribers import TRANSLATE_AGAIN_QUEUE
from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import EventQuarantined, TranslateAgain, TranslateFormAgain
from shared.kernel.ids import inquiry_id, new_id
from shared.messaging import topology
from shared.messaging.connection import open_connection
from shared.messaging.publisher import Publisher, message
from tests.connectors.forms.site import Site
from tests.shared.waiting import eventually

QUEUE = "leads.connectors.event-quarantined.v1"
FORM = {"name": "Фёдор", "phone": "8 921 447-18-63", "comment": "Перезвоните"}


@pytest.fixture
async def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Break the translation until `undo` is called."""

    def fail(*_: Any) -> None:
        raise KeyError("a secret of the visitor")

    monkeypatch.setattr(reading, "translate", fail)
    return monkeypatch


@pytest.fixture
async def broker(site: Site) -> AsyncIterator[AbstractChannel]:
    """Yield a channel to look into the broker with."""
    connection = await open_connection(site.forms.settings.amqp_url, name="tests")
    async with connection:
        yield await connection.channel()


@pytest.fixture
async def publisher(site: Site) -> AsyncIterator[Publisher]:
    """Yield a publisher that speaks for leads."""
    async with Publisher(site.forms.settings.amqp_url, source="voronka/leads") as found:
        await eventually(lambda: found.connected)
        yield found


async def quarantined(broker: AbstractChannel, inquiry: str) -> EventQuarantined:
    """Return the event about a post, taken out of the queue of leads."""
    queue = await broker.get_queue(QUEUE, ensure=False)

    async def look() -> EventQuarantined | None:
        message: AbstractIncomingMessage | None = await queue.get(fail=False)
        if message is None:
            return None
        await message.ack()
        event = Envelope[EventQuarantined].model_validate(orjson.loads(message.body)).data
        return event if str(event.inquiry_id) == inquiry else None

    found: EventQuarantined | None = await eventually(look)
    assert found is not None
    return found


async def ask_again(publisher: Publisher, event: EventQuarantined) -> None:
    """Say what leads says when an administrator wants it translated again."""
    command = TranslateFormAgain(**{name: getattr(event, name) for name in TranslateAgain.model_fields})
    await publisher.publish(
        command, message_id=new_id(), exchange=topology.COMMANDS, mandatory=True, timeout=5
    )


@pytest.mark.feature("B04")
async def test_a_post_that_we_cannot_translate_is_accepted_and_kept_raw(
    site: Site, channel: dict[str, Any], broken: pytest.MonkeyPatch, broker: AbstractChannel
) -> None:
    headers = {"Idempotency-Key": "order-7", "Referer": "https://example.com/page", "User-Agent": "UA"}
    answer = await site.post(channel, json=FORM, headers=headers)
    broken.undo()
    assert answer.status_code == 202
    event = await quarantined(broker, answer.json()["inquiry_id"])
    assert event.inquiry_id == inquiry_id(UUID(channel["id"]), "order-7")
    assert (event.unit, str(event.channel_id), event.attempts) == ("forms", channel["id"], 1)
    assert event.reason.startswith("KeyError at connectors.forms.")
    assert "secret" not in event.reason
    assert event.headers == {
        "idempotency-key": "order-7",
        "referer": "https://example.com/page",
        "user-agent": "UA",
    }
    assert orjson.loads(event.raw.text or "") == FORM


@pytest.mark.feature("B04")
async def test_what_is_translated_again_arrives_under_the_id_that_its_sender_was_told(
    site: Site,
    channel: dict[str, Any],
    broken: pytest.MonkeyPatch,
    broker: AbstractChannel,
    publisher: Publisher,
) -> None:
    answer = await site.post(channel, data=FORM, headers={"Referer": "https://example.com/?utm_source=ya"})
    event = await quarantined(broker, answer.json()["inquiry_id"])
    broken.undo()
    await ask_again(publisher, event)
    inquiry = await site.intake.inquiry(answer.json()["inquiry_id"])
    assert inquiry.sender.name == "Фёдор"
    assert inquiry.sender.phones == ("8 921 447-18-63",)
    assert inquiry.text == "Перезвоните"
    assert inquiry.utm == {"utm_source": "ya"}
    assert inquiry.received_at == event.received_at
    assert inquiry.raw == event.raw


async def test_what_fails_again_is_quarantined_again_with_one_attempt_more(
    site: Site,
    channel: dict[str, Any],
    broken: pytest.MonkeyPatch,
    broker: AbstractChannel,
    publisher: Publisher,
) -> None:
    answer = await site.post(channel, json=FORM)
    assert broken is not None
    first = await quarantined(broker, answer.json()["inquiry_id"])
    await ask_again(publisher, first)
    second = await quarantined(broker, answer.json()["inquiry_id"])
    assert (first.attempts, second.attempts) == (1, 2)
    assert second.model_copy(update={"attempts": 1, "reason": first.reason}) == first


@pytest.mark.parametrize(
    ("form", "event"),
    [({"submission_id": "s-1", "phone": "1"}, "s-1"), ({"tranid": "1:2", "formid": "f3"}, "f3:1:2")],
)
async def test_the_senders_own_number_of_the_event_is_kept_so_that_a_repeat_is_the_same(
    site: Site,
    channel: dict[str, Any],
    broken: pytest.MonkeyPatch,
    broker: AbstractChannel,
    form: dict[str, str],
    event: str,
) -> None:
    answers = [await site.post(channel, data=form) for _ in range(2)]
    broken.undo()
    assert len({answer.json()["inquiry_id"] for answer in answers}) == 1
    assert (await quarantined(broker, answers[0].json()["inquiry_id"])).external_id == event


async def test_bytes_that_are_no_text_and_bodies_over_the_limit_are_kept_too(
    site: Site,
    channel: dict[str, Any],
    broken: pytest.MonkeyPatch,
    broker: AbstractChannel,
    publisher: Publisher,
) -> None:
    binary, large = b"name=\xff\xfe&phone=1", b"name=" + b"a" * 70_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    small_answer = await site.post(channel, content=binary, headers=kind)
    small = await quarantined(broker, small_answer.json()["inquiry_id"])
    assert base64.b64decode(small.raw.base64 or "") == binary
    large_answer = await site.post(channel, content=large, headers=kind)
    event = await quarantined(broker, large_answer.json()["inquiry_id"])
    assert await site.files.get(event.raw.file_key or "") == large
    broken.undo()
    await ask_again(publisher, event)
    inquiry = await site.intake.inquiry(large_answer.json()["inquiry_id"])
    assert inquiry.sender.name.startswith("aaa")


async def test_a_message_that_would_be_too_large_carries_its_body_by_key(
    site: Site,
    channel: dict[str, Any],
    broken: pytest.MonkeyPatch,
    broker: AbstractChannel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quarantine, "MESSAGE_LIMIT", 500)
    answer = await site.post(channel, json=FORM)
    broken.undo()
    event = await quarantined(broker, answer.json()["inquiry_id"])
    assert orjson.loads(await site.files.get(event.raw.file_key or "")) == FORM


async def test_a_person_with_a_plain_form_is_thanked_all_the_same(
    site: Site, channel: dict[str, Any], broken: pytest.MonkeyPatch
) -> None:
    answer = await site.post(channel, data=FORM, headers={"Accept": "text/html"})
    broken.undo()
    assert answer.status_code == 200
    assert "<html" in answer.text


async def test_a_bad_request_is_refused_and_not_quarantined(site: Site, channel: dict[str, Any]) -> None:
    answer = await site.post(channel, content=b"", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_a_command_that_nobody_can_read_dies_where_channels_keeps_it(
    site: Site, publisher: Publisher, keys: Any
) -> None:

    message_id = uuid4()
    item = message(b"[]", message_id=message_id, topic=TranslateFormAgain.topic)
    await publisher.send(item, exchange=topology.STRAIGHT, routing_key=TRANSLATE_AGAIN_QUEUE, mandatory=True)
    headers = keys.employee(uuid4(), grants={"roles.edit": "all"})
    url = f"{site.channels.url}/api/v1/dead-letters?queue={TRANSLATE_AGAIN_QUEUE}"

    async def kept() -> list[Any]:
        answer = await site.http.get(url, headers=headers)
        return [item for item in answer.json()["items"] if item["message_id"] == str(message_id)]

    (letter,) = await eventually(kept)
    assert letter["reason"].startswith("unreadable")
