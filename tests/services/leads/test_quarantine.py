"""The quarantine: what connectors could not translate is kept, shown to administrators, and asked for again."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from services.leads.entrypoints.routes import quarantine as routes
from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import EventQuarantined, Raw, TranslateFormAgain
from shared.files.errors import FileMissingError, FileStoreAwayError
from shared.files.store import FileStore
from shared.http.tokens import Scope
from shared.kernel.clock import utc_now
from shared.messaging.connection import open_connection
from tests.services.leads.desk import Desk
from tests.shared.waiting import eventually

QUARANTINE = "/api/v1/quarantine"
QUEUE = "forms.connectors.forms.translate-again.v1"
ADMINISTRATOR: dict[str, Scope] = {"roles.edit": "all"}


@pytest.fixture
async def broker(desk: Desk) -> AsyncIterator[AbstractChannel]:
    """Yield a channel to look into the broker with."""
    connection = await open_connection(desk.running.settings.amqp_url, name="tests")
    async with connection:
        channel = await connection.channel()
        await (await channel.get_queue(QUEUE, ensure=False)).purge()
        yield channel


def headers(desk: Desk) -> dict[str, str]:
    """Return the headers of an administrator."""
    return desk.as_(desk.anna, grants=ADMINISTRATOR)


async def ask(desk: Desk, method: str, path: str = "") -> Any:
    """Ask as an administrator and return the JSON of the answer."""
    answer = await desk.http.request(method, f"{QUARANTINE}{path}", headers=headers(desk))
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def quarantine(desk: Desk, **changes: Any) -> EventQuarantined:
    """Let the forms connector quarantine a post, and wait until it is kept."""
    values: dict[str, Any] = {
        "inquiry_id": uuid4(),
        "unit": "forms",
        "channel_id": desk.channel,
        "external_id": "e-1",
        "received_at": utc_now(),
        "reason": "KeyError at connectors.forms.reading:1",
        "headers": {"referer": "https://example.com/"},
        "ip": "203.0.113.7",
        "raw": Raw(content_type="application/json", text='{"phone": "1"}'),
    }
    event = EventQuarantined(**{**values, **changes})
    await desk.say(event)

    async def kept() -> bool:
        answer = await desk.http.get(f"{QUARANTINE}/{event.inquiry_id}", headers=headers(desk))
        return answer.is_success and answer.json()["attempts"] >= event.attempts

    await eventually(kept)
    return event


async def commands(broker: AbstractChannel, count: int) -> list[TranslateFormAgain]:
    """Return the commands to the forms connector, once there are so many."""
    queue = await broker.get_queue(QUEUE, ensure=False)
    found: list[TranslateFormAgain] = []

    async def look() -> bool:
        message: AbstractIncomingMessage | None = await queue.get(fail=False)
        if message is not None:
            await message.ack()
            found.append(Envelope[TranslateFormAgain].model_validate(orjson.loads(message.body)).data)
        return len(found) >= count

    await eventually(look)
    return found


@pytest.mark.feature("B04")
async def test_what_is_quarantined_is_listed_with_its_reason_and_shown_with_its_bytes(desk: Desk) -> None:
    event = await quarantine(desk)
    items = (await ask(desk, "GET", f"?state=new&unit=forms&channel_id={desk.channel}"))["items"]
    item = next(item for item in items if item["id"] == str(event.inquiry_id))
    assert (item["reason"], item["attempts"], item["state"]) == (event.reason, 1, "new")
    assert item["channel"]["name"] == "Сайт"
    assert "text" not in item
    whole = await ask(desk, "GET", f"/{event.inquiry_id}")
    assert (whole["text"], whole["content_type"], whole["ip"]) == (
        event.raw.text,
        "application/json",
        event.ip,
    )
    assert whole["headers"] == event.headers


async def test_bytes_in_the_file_store_are_shown_too(desk: Desk) -> None:
    key = await desk.running.app.files.put(b"abc")
    event = await quarantine(desk, raw=Raw(file_key=key))
    assert (await ask(desk, "GET", f"/{event.inquiry_id}"))["base64"] == "YWJj"


@pytest.mark.feature("B04")
async def test_one_is_translated_again_and_marked_when_its_inquiry_arrives(
    desk: Desk, broker: AbstractChannel
) -> None:
    event = await quarantine(desk)
    assert (await ask(desk, "POST", f"/{event.inquiry_id}/translate-again"))["asked"] == 1
    (command,) = await commands(broker, 1)
    assert command.raw == event.raw
    assert (command.inquiry_id, command.external_id, command.attempts) == (event.inquiry_id, "e-1", 1)
    assert command.received_at == event.received_at
    asked = await ask(desk, "GET", f"/{event.inquiry_id}")
    assert (asked["state"], asked["acts"][0]["kind"], asked["acts"][0]["by"]) == (
        "new",
        "asked",
        "Анна Смирнова",
    )
    await desk.post("+79000009911", inquiry_id=event.inquiry_id)
    await desk.inquiry(event.inquiry_id)
    assert (await ask(desk, "GET", f"/{event.inquiry_id}"))["state"] == "translated"
    answer = await desk.http.post(f"{QUARANTINE}/{event.inquiry_id}/translate-again", headers=headers(desk))
    assert (answer.status_code, answer.json()["title"]) == (409, "quarantined-settled")


async def test_what_fails_again_has_the_new_reason_and_a_late_repeat_of_the_first_changes_nothing(
    desk: Desk,
) -> None:
    event = await quarantine(desk)
    await ask(desk, "POST", f"/{event.inquiry_id}/translate-again")
    await quarantine(desk, inquiry_id=event.inquiry_id, attempts=2, reason="ValueError at x:1")
    await desk.say(event)
    await quarantine(desk)  # came after the repeat
    found = await ask(desk, "GET", f"/{event.inquiry_id}")
    assert (found["attempts"], found["reason"], found.get("asked_at")) == (2, "ValueError at x:1", None)
    assert [act["kind"] for act in found["acts"]] == ["asked", "failed"]
    assert found["acts"][1]["reason"] == "ValueError at x:1"


async def test_all_are_translated_again_but_those_that_somebody_has_just_asked_for(
    desk: Desk, broker: AbstractChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(desk, "POST", "/translate-again")
    monkeypatch.setattr(routes, "_IN_ONE_TRANSACTION", 2)
    events = [await quarantine(desk) for _ in range(3)]
    await (await broker.get_queue(QUEUE, ensure=False)).purge()
    assert (await ask(desk, "POST", "/translate-again"))["asked"] == 3
    assert {command.inquiry_id for command in await commands(broker, 3)} == {
        event.inquiry_id for event in events
    }
    assert (await ask(desk, "POST", "/translate-again"))["asked"] == 0


async def test_what_is_dropped_is_forgotten_but_for_who_dropped_it_and_why(desk: Desk) -> None:
    event = await quarantine(desk)
    before = (await ask(desk, "GET", "/count"))["count"]
    await ask(desk, "DELETE", f"/{event.inquiry_id}?reason=проба")
    found = await ask(desk, "GET", f"/{event.inquiry_id}")
    assert found["state"] == "dropped"
    assert "text" not in found
    assert (found["headers"], found["ip"]) == ({}, "")
    assert found["acts"][0]["reason"] == "проба"
    assert (await ask(desk, "GET", "/count"))["count"] == before - 1


async def test_with_what_is_dropped_its_file_goes_from_the_file_store(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = desk.running.app.files
    key, other = await files.put(b"x" * 70_000), await files.put(b"y" * 70_000)
    event = await quarantine(desk, raw=Raw(file_key=key))
    await ask(desk, "DELETE", f"/{event.inquiry_id}?reason=проба")
    with pytest.raises(FileMissingError):
        await files.get(key)
    event = await quarantine(desk, raw=Raw(file_key=other))

    async def away(_: object, key: str) -> None:
        raise FileStoreAwayError(key)

    monkeypatch.setattr(FileStore, "delete", away)
    await ask(desk, "DELETE", f"/{event.inquiry_id}?reason=проба")
    assert (await ask(desk, "GET", f"/{event.inquiry_id}"))["state"] == "dropped"


async def test_what_no_connector_translates_any_more_cannot_be_asked_for(desk: Desk) -> None:
    event = await quarantine(desk, unit="fax")
    answer = await desk.http.post(f"{QUARANTINE}/{event.inquiry_id}/translate-again", headers=headers(desk))
    assert (answer.status_code, answer.json()["title"]) == (409, "translator-gone")


async def test_the_unknown_is_missing(desk: Desk) -> None:
    answer = await desk.http.get(f"{QUARANTINE}/{UUID(int=1)}", headers=headers(desk))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/count"),
        ("GET", f"/{UUID(int=1)}"),
        ("POST", "/translate-again"),
        ("POST", f"/{UUID(int=1)}/translate-again"),
        ("DELETE", f"/{UUID(int=1)}?reason=x"),
    ],
)
async def test_the_quarantine_is_the_administrators_alone(desk: Desk, method: str, path: str) -> None:
    for given, status in (
        ({}, 401),
        (desk.as_(desk.anna), 403),
        (desk.as_(desk.anna, "all"), 403),
        (desk.keys.unit("gateway"), 403),
    ):
        answer = await desk.http.request(method, f"{QUARANTINE}{path}", headers=given)
        assert answer.status_code == status
