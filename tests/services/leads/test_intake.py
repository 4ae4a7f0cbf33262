"""Intake with the real broker and database: what comes in is stored once, matched, assigned and explained."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import uuid4

import aio_pika
import orjson
import pytest
from aio_pika.abc import AbstractIncomingMessage
from sqlalchemy import select, text

from services.leads.adapters.tables import inquiries, outbox
from shared.contracts.channels import Responsible
from shared.contracts.inquiries import Field
from shared.contracts.staff import EmployeeChanged
from shared.messaging import topology
from tests.services.leads.desk import Desk
from tests.shared.waiting import eventually


@pytest.mark.feature("S001")
@pytest.mark.feature("S050")
@pytest.mark.feature("S051")
async def test_an_inquiry_becomes_a_lead_with_a_responsible_and_its_contact_data(desk: Desk) -> None:
    inquiry_id = await desk.post(
        "8 (921) 447-18-63", name="Сергей Маклаков", emails=("s.maklakov@mail.example",)
    )
    lead = await desk.lead_of(inquiry_id)
    assert (lead["status"], lead["name"]) == ("new", "Сергей Маклаков")
    assert (lead["phones"], lead["emails"]) == (["+79214471863"], ["s.maklakov@mail.example"])
    assert lead["responsible"] == {"type": "role", "id": str(desk.role), "name": "Розница"}
    assert lead["channel"] == {"id": str(desk.channel), "name": "Сайт", "kind": "form"}
    assert lead["number"] >= 1
    assert lead["waiting_since"] == lead["created_at"]


@pytest.mark.feature("S010")
@pytest.mark.parametrize("kind", ["call", "email", "message", "form", "chat", "callback", "manual"])
async def test_every_kind_of_inquiry_is_kept_as_what_it_is(desk: Desk, kind: str) -> None:
    inquiry_id = await desk.post(kind=kind)
    assert (await desk.inquiry(inquiry_id))["kind"] == kind
    assert (await desk.lead_of(inquiry_id))["kind"] == kind


@pytest.mark.feature("S004")
async def test_all_spellings_of_a_phone_are_one_person(desk: Desk) -> None:
    first = await desk.lead_of(await desk.post("+79000000011"))
    for spelling in ("8 900 000-00-11", "9000000011", "7 (900) 000 00 11"):
        again = await desk.lead_of(await desk.post(spelling))
        assert again["id"] == first["id"]
    assert again["inquiries_count"] == 4
    assert again["phones"] == ["+79000000011"]


@pytest.mark.feature("B01")
async def test_a_repeated_message_is_stored_once(desk: Desk) -> None:
    identity = uuid4()
    for _ in range(5):
        await desk.post("+79000000012", inquiry_id=identity)
    lead = await desk.lead_of(identity)
    other = await desk.lead_of(await desk.post("+79000000012"))
    assert other["id"] == lead["id"]
    assert other["inquiries_count"] == 2


@pytest.mark.feature("B01")
async def test_another_body_under_a_used_id_makes_nothing_new_and_is_kept_beside_the_first(
    desk: Desk,
) -> None:
    identity = uuid4()
    await desk.post("+79000000095", inquiry_id=identity, name="Анна", text="первое")
    lead = await desk.lead_of(identity)
    for said in ("второе", "второе", "первое"):
        await desk.post("+79000000096", inquiry_id=identity, name="Ольга", text=said)

    async def conflicts() -> Any:
        return (await desk.inquiry(identity))["conflicts"]

    found = await eventually(lambda: _as_many_as(2, conflicts))
    assert [(item["sender"]["name"], item["text"]) for item in found] == [
        ("Ольга", "второе"),
        ("Ольга", "первое"),
    ]
    assert (await desk.lead_of(identity))["inquiries_count"] == lead["inquiries_count"] == 1
    assert (await desk.inquiry(identity))["sender"]["name"] == "Анна"


async def _as_many_as(count: int, look: Callable[[], Awaitable[Any]]) -> Any:
    found = await look()
    return found if len(found) == count else None


@pytest.mark.feature("B14")
async def test_twenty_inquiries_at_once_from_one_person_are_one_lead(desk: Desk) -> None:
    sent = await asyncio.gather(*(desk.post("+79000000013", text=f"{n}") for n in range(20)))
    found = {(await desk.lead_of(item))["id"] for item in sent}
    assert len(found) == 1
    assert (await desk.lead(found.pop()))["inquiries_count"] == 20


@pytest.mark.feature("B04")
@pytest.mark.feature("S019")
async def test_everything_that_came_is_kept_and_shown(desk: Desk) -> None:
    fields = (Field(name="area", label="Площадь", value="120 м²"), Field(name="x", value="<b>жирно</b>"))
    inquiry_id = await desk.post(
        "+79000000014",
        fields=fields,
        utm={"utm_source": "yandex"},
        page_url="https://site.example/p",
        ip="192.0.2.7",
    )
    inquiry = await desk.inquiry(inquiry_id)
    assert [(item["label"], item["value"]) for item in inquiry["fields"]] == [
        ("Площадь", "120 м²"),
        ("", "<b>жирно</b>"),
    ]
    assert inquiry["utm"] == {"utm_source": "yandex"}
    assert (inquiry["page_url"], inquiry["ip"]) == ("https://site.example/p", "192.0.2.7")
    raw = await desk.http.get(f"/api/v1/inquiries/{inquiry_id}/raw", headers=desk.keys.unit("gateway"))
    assert raw.json() == {"content_type": "application/json", "text": "{}"}


async def test_a_long_text_is_kept_whole_and_its_lead_shows_the_beginning(desk: Desk) -> None:
    inquiry_id = await desk.post("+79000000043", text="я" * 30_000)
    assert len((await desk.lead_of(inquiry_id))["text"]) == 1_000
    whole = await desk.http.get(f"/api/v1/inquiries/{inquiry_id}/text", headers=desk.keys.unit("gateway"))
    assert whole.json() == {"text": "я" * 30_000}


@pytest.mark.feature("B06")
@pytest.mark.feature("B10")
async def test_a_decision_says_by_which_rule_whose_and_who_stood_by(desk: Desk) -> None:
    contact = await desk.know("Ирина Власова", ("phone", "+79000000015"))
    await desk.settled(lambda: _known(desk, "+79000000015"))
    inquiry_id = await desk.post("8 900 000 00 15", emails=("i.vlasova@mail.example",))
    lead = await desk.lead_of(inquiry_id)
    assert (lead["contact_id"], lead["contact_name"]) == (str(contact), "Ирина Власова")
    answer = await desk.http.get(
        f"/api/v1/inquiries/{inquiry_id}/decisions", headers=desk.keys.unit("gateway")
    )
    (decision,) = answer.json()["items"]
    assert (decision["rule"], decision["rule_version"]) == ("known_contact", 1)
    assert decision["matched"] == [{"kind": "phone", "value": "79000000015", "target": str(contact)}]
    assert decision["assignment"]["chosen"] == {"type": "role", "id": str(desk.role), "name": "Розница"}
    assert {item["name"]: item["excluded"] for item in decision["assignment"]["candidates"]} == {
        "Анна Смирнова": None,
        "Борис Орлов": None,
    }


async def _known(desk: Desk, phone: str) -> bool:
    async with desk.running.app.engine.connect() as connection:
        statement = text("select 1 from known_points where value = :key")
        return (await connection.execute(statement, {"key": phone.lstrip("+")})).first() is not None


@pytest.mark.feature("S008")
async def test_spam_is_registered_but_opens_no_lead(desk: Desk) -> None:
    await desk.know("Назойливый", ("phone", "+79000000016"), spam=True)
    await desk.settled(lambda: _known(desk, "+79000000016"))
    inquiry = await desk.inquiry(await desk.post("+79000000016"))
    assert (inquiry["lead_id"], inquiry["decision"]["rule"]) == (None, "spam")


async def test_a_colleague_who_writes_opens_no_lead(desk: Desk) -> None:
    colleague = uuid4()
    await desk.say(
        EmployeeChanged(
            employee_id=colleague, version=1, number=9, name="Вера", phone="+79000000017", takes_leads=True
        )
    )
    await desk.settled(lambda: _hired(desk, "Вера"))
    inquiry = await desk.inquiry(await desk.post("8-900-000-00-17"))
    assert (inquiry["lead_id"], inquiry["decision"]["rule"]) == (None, "employee")


async def _hired(desk: Desk, name: str) -> bool:
    return any(item["name"] == name for item in await desk.people())


@pytest.mark.feature("S014")
@pytest.mark.feature("S022")
async def test_each_channel_has_its_own_switches(desk: Desk) -> None:
    quiet = uuid4()
    await desk.open_channel(quiet, lead_source=False)
    personal = uuid4()
    await desk.open_channel(personal, responsible=Responsible(type="employee", id=desk.boris))
    await desk.settled(lambda: _channels(desk, 3))
    kept = await desk.inquiry(await desk.post("+79000000018", channel=quiet))
    assert (kept["lead_id"], kept["decision"]["rule"]) == (None, "not_a_source")
    lead = await desk.lead_of(await desk.post("+79000000018", channel=personal))
    assert lead["responsible"] == {"type": "employee", "id": str(desk.boris), "name": "Борис Орлов"}


async def _channels(desk: Desk, wanted: int) -> bool:
    async with desk.running.app.engine.connect() as connection:
        count = (await connection.execute(text("select count(*) from known_channels"))).scalar_one()
    return bool(count >= wanted)


@pytest.mark.feature("B07")
async def test_an_inquiry_of_a_channel_not_heard_of_yet_is_a_lead_all_the_same(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000019", channel=uuid4()))
    assert (lead["status"], lead["responsible"]) == ("new", None)


async def test_what_no_rule_can_read_is_put_aside_and_its_neighbours_go_on(desk: Desk) -> None:
    poison = await desk.post("+79000000020", text="a\x00b")  # PostgreSQL cannot hold it: a connector at fault
    good = await asyncio.gather(*(desk.post(f"+7900000003{n}") for n in range(10)))
    for inquiry_id in good:
        assert (await desk.lead_of(inquiry_id))["inquiries_count"] == 1
    async with desk.running.app.engine.connect() as connection:
        found = await connection.execute(select(inquiries.c.id).where(inquiries.c.id == poison))
        assert found.first() is None


async def test_every_event_of_intake_leaves_the_outbox(desk: Desk) -> None:
    await desk.lead_of(await desk.post("+79000000041"))

    async def empty() -> bool:
        async with desk.running.app.engine.connect() as connection:
            return (await connection.execute(select(outbox.c.id).limit(1))).first() is None

    await desk.settled(empty)
    assert await empty()


async def test_the_event_of_a_new_lead_says_whose_pages_show_it(desk: Desk) -> None:
    async with await aio_pika.connect(desk.running.settings.amqp_url) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        await queue.bind(topology.EVENTS, "leads.lead-created.v1")
        lead = await desk.lead_of(await desk.post("+79000000042", name="Ольга"))

        async def arrived() -> AbstractIncomingMessage | None:
            return await queue.get(no_ack=True, fail=False)

        message: Any = await eventually(cast("Any", arrived))
    data = orjson.loads(message.body)["data"]
    assert data["lead_id"] == lead["id"]
    assert (data["version"], data["number"], data["name"]) == (1, lead["number"], "Ольга")
    assert data["audience"] == {"roles": [str(desk.role)]}
