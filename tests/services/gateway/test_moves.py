"""Moving an inquiry from the card of its lead: the dialog, its search, the move, and what is said about it."""

from urllib.parse import parse_qs
from uuid import uuid4

import orjson
import pytest
from fastapi.responses import JSONResponse

from services.gateway.pages.timeline import timeline
from shared.http.problems import problem
from tests.services.gateway.browser import Browser, json_of
from tests.services.gateway.company import Json, Person, inquiry, lead
from tests.services.gateway.owners import Owners
from tests.services.gateway.reading import ago, lead_of, reader_at


@pytest.fixture
def came(owners: Owners) -> Json:
    """Return an inquiry of the first of two leads."""
    owners.leads += [lead(5), lead(6)]
    owners.inquiries.append(inquiry(owners.leads[0]))
    return owners.inquiries[0]


def address(came: Json) -> str:
    return f"/leads/{came['lead_id']}/inquiries/{came['id']}/move"


@pytest.mark.feature("B06")
async def test_each_inquiry_of_a_card_can_be_moved_by_who_has_the_right(
    browser: Browser, anna: Person, came: Json
) -> None:
    assert address(came) in (await browser.get(f"/leads/{came['lead_id']}")).text
    del anna.grants["leads.move"]
    await browser.log_in("anna")
    assert address(came) not in (await browser.get(f"/leads/{came['lead_id']}")).text


async def test_the_dialog_offers_other_open_leads_and_a_lead_of_its_own(
    browser: Browser, owners: Owners, came: Json
) -> None:
    piece = await browser.part(address(came))
    page = await browser.get(address(came))
    other = owners.leads[1]
    for shown in (piece.text, page.text):
        assert f'value="{other["id"]}"' in shown
        assert f'value="{came["lead_id"]}"' not in shown
        assert 'value="new"' in shown
    assert ("<html" in piece.text, "<html" in page.text) == (False, True)
    asked = parse_qs(owners.last("/api/v1/leads").query)
    assert asked["status"] == ["new", "in_work", "converting"]


async def test_the_search_of_the_dialog_asks_the_owner_of_leads(
    browser: Browser, owners: Owners, came: Json
) -> None:
    found = await browser.part(f"{address(came)}/leads?q=Клиент 6")
    assert "Клиент 6" in found.text
    assert parse_qs(owners.last("/api/v1/leads").query)["q"] == ["Клиент 6"]
    nothing = await browser.part(f"{address(came)}/leads?q=Никто")
    assert "Таких открытых лидов нет" in nothing.text
    owners.refuse["/api/v1/leads"] = JSONResponse({}, 500)
    away = await browser.part(f"{address(came)}/leads")
    assert (away.status_code, "Список лидов временно недоступен" in away.text) == (200, True)


@pytest.mark.feature("B06")
async def test_a_moved_inquiry_names_the_lead_where_it_is_now(
    browser: Browser, owners: Owners, came: Json
) -> None:
    home, other = came["lead_id"], owners.leads[1]
    form = {"lead_id": other["id"], "reason": " его заказ "}
    body = json_of(await browser.act(address(came), form))
    assert body["toast"] == "Обращение перенесено в лид № 6"
    assert body["open"] == {"label": "Открыть", "href": f"/leads/{other['id']}"}
    asked = owners.last(f"/api/v1/inquiries/{came['id']}/move")
    assert orjson.loads(asked.body) == {"lead_id": other["id"], "reason": "его заказ"}
    await browser.act(f"/leads/{home}/inquiries/{came['id']}/move", {"lead_id": "new", "reason": "x"})
    asked = owners.last(f"/api/v1/inquiries/{came['id']}/move")
    assert orjson.loads(asked.body) == {"lead_id": None, "reason": "x"}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"reason": "x"}, "Выберите, в какой лид перенести."),
        ({"lead_id": "nonsense", "reason": "x"}, "Выберите, в какой лид перенести."),
        ({"lead_id": "new", "reason": "  "}, "Напишите, почему обращение переносят."),
    ],
)
async def test_a_wish_that_lacks_something_is_not_passed_on(
    browser: Browser, owners: Owners, came: Json, form: dict[str, str], text: str
) -> None:
    answer = await browser.act(address(came), form)
    assert (answer.status_code, answer.json()["error"]) == (400, text)
    assert owners.count(f"/api/v1/inquiries/{came['id']}/move") == 0
    again = await browser.send(address(came), form)
    assert again.headers["location"] == address(came)
    assert text in (await browser.get(address(came))).text


async def test_a_refusal_of_the_owner_is_told_in_the_readers_words(
    browser: Browser, owners: Owners, came: Json
) -> None:
    owners.refuse[f"/api/v1/inquiries/{came['id']}/move"] = problem(
        409, "lead-wrong-state", "No.", lead_status="rejected"
    )
    form = {"lead_id": owners.leads[1]["id"], "reason": "x"}
    answer = await browser.act(address(came), form)
    assert (answer.status_code, answer.json()["error"]) == (409, "Лид уже изменён: сейчас он «Отклонён»")
    back = await browser.send(address(came), form)
    assert back.headers["location"] == f"/leads/{came['lead_id']}"


def test_the_history_of_both_leads_leads_to_the_other_one() -> None:
    here, there = lead_of(), str(uuid4())
    actor = {"type": "employee", "id": "1", "name": "Анна"}
    moved = {"id": 1, "kind": "moved", "at": ago(minutes=1), "actor": actor, "reason": "его заказ"}
    away = {**moved, "data": {"inquiry_id": "7", "from": here["id"], "to": there}}
    back = {**moved, "data": {"inquiry_id": "7", "from": there, "to": here["id"]}}
    kept = {**moved, "data": {"inquiry_id": "7", "from": "", "to": here["id"]}}
    (day,) = timeline([], [away, back, kept], reader_at(), lead_id=here["id"])
    assert [(entry.title, entry.href) for entry in day.entries] == [
        ("Обращение перенесено в другой лид", f"/leads/{there}"),
        ("Обращение перенесено сюда из другого лида", f"/leads/{there}"),
        ("Обращение перенесено", ""),
    ]
