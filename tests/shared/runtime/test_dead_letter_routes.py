"""`/api/v1/dead-letters`, which every unit with a database has, as each kind of asker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import httpx2
import pytest
from aio_pika import Message

from services.leads.service import SERVICE
from services.staff.service import SERVICE as STAFF
from shared.messaging.dead_letter_body import readable
from shared.messaging.publisher import Publisher, message
from shared.messaging.retries import park
from shared.runtime.declaration import Unit
from tests.booting import Boot
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.services.asking import ASKERS, Asked
from tests.shared.waiting import eventually

LETTERS = "/api/v1/dead-letters"
QUEUE = "leads.contacts.contact-changed.v1"
SOMETHING = "0190a1b2-0000-7000-8000-000000000001"
ROUTES = (
    ("GET", LETTERS),
    ("GET", f"{LETTERS}/count"),
    ("GET", f"{LETTERS}/{SOMETHING}"),
    ("POST", f"{LETTERS}/replay"),
    ("POST", f"{LETTERS}/{SOMETHING}/replay"),
    ("DELETE", f"{LETTERS}/{SOMETHING}?reason=x"),
)


@pytest.fixture(scope="module")
async def leads(
    boot: Boot,
    database: Callable[[Unit], Awaitable[TestDatabase]],
    keys: TestKeys,
    fresh_vhost: NewVhost,
) -> AsyncIterator[tuple[Asked, Publisher]]:
    """Yield leads and a publisher beside it."""
    found, url = await database(SERVICE), await fresh_vhost()
    async with (
        boot(SERVICE, database=found, amqp_url=url) as running,
        httpx2.AsyncClient(base_url=running.url, timeout=10) as client,
        Publisher(url, source="voronka/tests") as publisher,
    ):
        await eventually(lambda: publisher.connected)
        yield Asked(running, client, keys, found.url), publisher


async def buried(leads: tuple[Asked, Publisher], item: Message, queue: str = QUEUE) -> str:
    """Let a message die and return the id of its row."""
    asked, publisher = leads
    await park(publisher, queue, item, "because")

    async def found() -> str:
        rows = await asked.rows("select id from dead_letters where message_id::text = $1", item.message_id)
        return str(rows[0]["id"]) if rows else ""

    await eventually(found)
    return await found()


def something(body: bytes = b"{}") -> Message:
    """Return a message that nobody can read."""
    return message(body, message_id=uuid4(), topic="contacts.contact-changed.v1")


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_dead_letters_are_the_administrators_alone(
    leads: tuple[Asked, Publisher], method: str, path: str, asker: str
) -> None:
    answer = await leads[0].ask(method, path, {} if method == "POST" else None, asker=asker)
    if asker == "administrator":
        assert answer.status_code in {200, 404}, answer.text
    else:
        assert answer.status_code == (401 if asker == "nobody" else 403), answer.text


async def test_a_letter_is_shown_with_its_body_its_headers_and_its_way(
    leads: tuple[Asked, Publisher],
) -> None:
    asked, _ = leads
    item = something('{"data": {"name": "Фёдор"}}'.encode())
    letter = await asked.read(f"{LETTERS}/{await buried(leads, item)}")
    assert letter["body"] == {"json": {"data": {"name": "Фёдор"}}}
    assert (letter["queue"], letter["topic"]) == (QUEUE, "contacts.contact-changed.v1")
    assert (letter["reason"], letter["state"], letter["attempts"]) == ("because", "waiting", 0)
    assert letter["headers"]["x-origin-queue"] == QUEUE
    assert letter["acts"] == letter["same_message"] == []


async def test_letters_are_listed_page_by_page_and_filtered(leads: tuple[Asked, Publisher]) -> None:
    asked, _ = leads
    queue = "leads.channels.channel-changed.v1"
    ids = [await buried(leads, something(b"%d" % place), queue) for place in range(3)]
    found = await asked.everything(f"{LETTERS}?queue={queue}&state=waiting", limit=2)
    assert [item["id"] for item in found] == ids[::-1]
    assert [item["size"] for item in found] == [1, 1, 1]
    assert "body" not in found[0]
    assert (await asked.read(f"{LETTERS}?queue={queue}&topic=other"))["items"] == []
    assert (await asked.ask("GET", f"{LETTERS}?state=lost")).status_code == 400


@pytest.mark.feature("B27")
async def test_a_letter_is_replayed_and_its_queue_tries_it_again(leads: tuple[Asked, Publisher]) -> None:
    asked, _ = leads
    first = await buried(leads, something(b"unreadable"))
    assert (await asked.ask("POST", f"{LETTERS}/{first}/replay")).status_code == 204
    again = await asked.ask("POST", f"{LETTERS}/{first}/replay")
    assert (again.status_code, again.json()["title"]) == (409, "dead-letter-settled")

    async def died_again() -> bool:
        return len((await asked.read(f"{LETTERS}/{first}"))["same_message"]) == 1

    await eventually(died_again)
    letter = await asked.read(f"{LETTERS}/{first}")
    (act,) = letter["acts"]
    assert (act["kind"], act["by"], letter["state"]) == ("replayed", "Анна Смирнова", "replayed")
    second = await asked.read(f"{LETTERS}/{letter['same_message'][0]}")
    assert (second["state"], second["same_message"]) == ("waiting", [first])


async def test_all_letters_of_a_queue_are_replayed_by_one_request(leads: tuple[Asked, Publisher]) -> None:
    asked, _ = leads
    queue = "leads.staff"
    await buried(leads, something(b"1"), queue)
    await buried(leads, something(b"2"), queue)
    answer = await asked.ask("POST", f"{LETTERS}/replay", {"queue": [queue]})
    assert answer.json()["replayed"] == 2
    replayed = await asked.read(f"{LETTERS}?queue={queue}&state=replayed")
    assert len(replayed["items"]) == 2


async def test_a_letter_is_dropped_with_a_reason_only(leads: tuple[Asked, Publisher]) -> None:
    asked, _ = leads
    letter = await buried(leads, something(b"of no use"))
    before = (await asked.read(f"{LETTERS}/count"))["count"]
    assert (await asked.ask("DELETE", f"{LETTERS}/{letter}")).status_code == 400
    assert (
        await asked.ask("DELETE", f"{LETTERS}/{letter}?reason=%D0%BF%D1%80%D0%BE%D0%B1%D0%B0")
    ).status_code == 204
    found = await asked.read(f"{LETTERS}/{letter}")
    assert (found["state"], found["size"], found["acts"][0]["reason"]) == ("dropped", 0, "проба")
    assert (await asked.read(f"{LETTERS}/count"))["count"] == before - 1


async def test_letters_of_a_queue_are_dropped_together_but_never_all_of_them(
    leads: tuple[Asked, Publisher],
) -> None:
    asked, _ = leads
    queue, reason = "leads.that-is-gone", "проба"
    ids = [await buried(leads, something(b"%d" % place), queue) for place in range(2)]
    (listed, *_) = (await asked.read(f"{LETTERS}?queue={queue}"))["items"]
    assert listed["queue_gone"] is True
    replayed = await asked.ask("POST", f"{LETTERS}/replay", {"queue": [queue]})
    assert replayed.json() == {"replayed": 0, "left": 2, "gone": 2}
    assert (await asked.ask("POST", f"{LETTERS}/drop", {"reason": reason})).status_code == 400
    assert (await asked.ask("POST", f"{LETTERS}/drop", {"queue": [queue]})).status_code == 400
    forbidden = await asked.ask("POST", f"{LETTERS}/drop", {"queue": [queue], "reason": "x"}, asker="manager")
    assert forbidden.status_code == 403
    answer = await asked.ask("POST", f"{LETTERS}/drop", {"queue": [queue], "reason": reason})
    assert answer.json() == {"dropped": 2}
    found = await asked.read(f"{LETTERS}/{ids[0]}")
    assert (found["state"], found["acts"][0]["reason"]) == ("dropped", reason)


async def test_a_unit_that_consumes_nothing_has_an_empty_list(
    boot: Boot, database: Callable[[Unit], Awaitable[TestDatabase]], keys: TestKeys
) -> None:
    found = await database(STAFF)
    async with (
        boot(
            STAFF, database=found, process="api", settings={"VORONKA_ADMIN_PASSWORD": "correct horse battery"}
        ) as running,
        httpx2.AsyncClient(base_url=running.url, timeout=10) as client,
    ):
        assert (await Asked(running, client, keys, found.url).read(LETTERS)) == {
            "items": [],
            "next_cursor": None,
        }


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a": 1}', {"json": {"a": 1}}),
        ("имя=Анна".encode(), {"text": "имя=Анна"}),
        (b"a\x00b", {"base64": "YQBi"}),
        (b"\xff\xfe", {"base64": "//4="}),
        (b"", {"base64": ""}),
    ],
)
def test_a_body_is_shown_as_json_or_text_or_base64(body: bytes, shown: dict[str, object]) -> None:
    assert readable(body) == shown
