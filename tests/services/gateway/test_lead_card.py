"""The card of one lead over HTTP: its parts fail alone."""

import asyncio
from uuid import uuid4

import pytest
from fastapi.responses import JSONResponse

from tests.services.gateway.browser import Browser
from tests.services.gateway.company import Json, Person, inquiry, lead, taken
from tests.services.gateway.owners import Owners


@pytest.fixture
def one(owners: Owners) -> Json:
    """Return the only lead, with an inquiry, a history and a decision."""
    found = lead(1284)
    first = inquiry(found)
    owners.leads.append(found)
    owners.inquiries.append(first)
    owners.history.append(
        {
            "id": 1,
            "kind": "created",
            "at": found["created_at"],
            "actor": {"type": "system", "id": None, "name": ""},
            "reason": "",
            "data": {"responsible": None},
        }
    )
    owners.decisions.append(
        {
            "seq": 1,
            "rule": "new",
            "rule_version": 3,
            "matched": [],
            "candidates": [],
            "evidence": [],
            "assignment": {
                "strategy": "round_robin",
                "chosen": {"type": "employee", "id": str(uuid4()), "name": "Иван Петров"},
                "candidates": [{"id": str(uuid4()), "name": "Пётр Занятой", "excluded": "no_right"}],
                "escalated": False,
                "rule_version": 1,
            },
        }
    )
    return found


@pytest.mark.feature("B06")
async def test_the_card_shows_the_lead_what_came_and_why_it_is_here(browser: Browser, one: Json) -> None:
    answer = await browser.get(f"/leads/{one['id']}")
    assert answer.status_code == 200
    for text in ("1284", "Клиент 1284", "Сколько стоит доставка?", "Псков", "yandex", "Иван Петров"):
        assert text in answer.text
    assert "Пётр Занятой" in answer.text


@pytest.mark.parametrize("part", ["inquiries", "history", "decisions"])
async def test_a_part_whose_owner_is_away_is_named_and_the_rest_stands(
    browser: Browser, owners: Owners, one: Json, part: str
) -> None:
    paths = {
        "inquiries": "/api/v1/inquiries",
        "history": f"/api/v1/leads/{one['id']}/history",
        "decisions": f"/api/v1/inquiries/{owners.inquiries[0]['id']}/decisions",
    }
    owners.refuse[paths[part]] = JSONResponse({}, 500)
    answer = await browser.get(f"/leads/{one['id']}")
    assert answer.status_code == 200
    assert "Клиент 1284" in answer.text
    assert "временно недоступн" in answer.text


async def test_a_part_that_takes_too_long_does_not_hold_up_the_card(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.slow["/history"] = 1.2
    loop = asyncio.get_running_loop()
    started = loop.time()
    answer = await browser.get(f"/leads/{one['id']}")
    assert loop.time() - started < 1.0
    assert "История временно недоступна" in answer.text


async def test_of_very_many_inquiries_the_newest_and_the_very_first_are_shown(
    browser: Browser, owners: Owners, one: Json
) -> None:
    first = owners.inquiries.pop()
    owners.inquiries += [inquiry(one, text=f"Письмо № {number}") for number in range(230, 0, -1)]
    owners.inquiries.append({**first, "text": "Самое первое"})
    page = (await browser.get(f"/leads/{one['id']}")).text
    assert "Письмо № 230" in page
    assert "Письмо № 20<" not in page
    assert "Самое первое" in page
    assert owners.count(f"/api/v1/inquiries/{first['id']}/decisions") == 1


async def test_a_lead_that_is_not_there_is_an_honest_page(browser: Browser) -> None:
    answer = await browser.get(f"/leads/{uuid4()}")
    assert answer.status_code == 404
    assert "Страница не найдена" in answer.text
    assert (await browser.part(f"/leads/{uuid4()}/body")).status_code == 404


async def test_without_its_owner_the_card_is_temporarily_unavailable(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.refuse[f"/api/v1/leads/{one['id']}"] = JSONResponse({}, 500)
    answer = await browser.get(f"/leads/{one['id']}")
    assert answer.status_code == 503
    assert "Временно недоступно" in answer.text


async def test_the_card_can_be_read_anew_without_its_frame(browser: Browser, one: Json) -> None:
    answer = await browser.part(f"/leads/{one['id']}/body")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Клиент 1284" in answer.text


@pytest.mark.parametrize(("own", "unread", "noted"), [(True, 2, 1), (True, 0, 0), (False, 2, 0)])
async def test_a_card_is_noted_as_read_only_by_its_own_responsible(
    browser: Browser, owners: Owners, anna: Person, *, own: bool, unread: int, noted: int
) -> None:
    found = taken(7, anna if own else Person("ivan", "Иван"), unread_count=unread)
    owners.leads.append(found)
    await browser.get(f"/leads/{found['id']}")
    await asyncio.sleep(0.1)
    assert owners.count(f"/api/v1/leads/{found['id']}/read", "POST") == noted


@pytest.mark.feature("S068")
@pytest.mark.parametrize("required", [True, False])
async def test_the_dialog_of_rejection_offers_the_reasons(
    browser: Browser, owners: Owners, one: Json, *, required: bool
) -> None:
    owners.reasons.append({"id": str(uuid4()), "name": "Дорого"})
    owners.channels.append({"id": one["channel_id"], "name": "Сайт", "reason_required": required})
    piece = await browser.part(f"/leads/{one['id']}/dialogs/reject")
    page = await browser.get(f"/leads/{one['id']}/dialogs/reject")
    assert "Дорого" in piece.text
    assert "<html" not in piece.text
    assert "<html" in page.text
    assert ("required" in piece.text) is required
    assert f'value="{browser.csrf}"' in page.text


async def test_the_dialog_of_rejection_opens_also_without_the_reasons(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.refuse["/api/v1/rejection-reasons"] = JSONResponse({}, 500)
    assert (await browser.part(f"/leads/{one['id']}/dialogs/reject")).status_code == 200


@pytest.mark.feature("S060")
async def test_the_dialog_of_handing_over_offers_everybody_but_the_present_responsible(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    owners.employ(Person("ivan", "Иван Петров"))
    found = taken(7, anna)
    owners.leads.append(found)
    piece = await browser.part(f"/leads/{found['id']}/dialogs/hand-over")
    assert f"employee:{owners.people['ivan'].id}" in piece.text
    assert f"employee:{anna.id}" not in piece.text
