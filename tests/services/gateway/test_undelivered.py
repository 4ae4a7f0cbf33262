"""The administrators' page of dead letters, and who may see it and that of the quarantine."""

from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from services.gateway.pages.shell import csrf_token
from shared.http.problems import problem
from tests.services.gateway.browser import Browser
from tests.services.gateway.company import Person
from tests.services.gateway.owners import Owners
from tests.services.gateway.undelivered import EVENTS, LETTERS, PAGE, QUARANTINE, letter, say


@pytest.mark.feature("B27")
async def test_dead_letters_of_every_unit_are_listed_with_their_reasons(
    admin: Browser, owners: Owners
) -> None:
    say(owners, LETTERS, letter(), more="next")
    answer = await admin.get(PAGE)
    assert answer.status_code == 200
    for name in ("Лиды и обращения", "Сотрудники", "Каналы и коннекторы", "Контакты"):
        assert name in answer.text
    assert "contacts.contact-changed.v1" in answer.text
    assert "ValidationError: data.name: missing" in answer.text
    assert "5 повторов" in answer.text
    assert f"{PAGE}?unit=leads&amp;cursor=next" in answer.text
    assert "Обработка не удалась и после всех повторов" in answer.text
    assert answer.text.count('/replay"><input') == 1 + 4 + 4  # all, of a unit, one
    asked = [parse_qs(item.query) for item in owners.asked if item.path == LETTERS]
    assert len(asked) == 4
    assert all(item["state"] == ["waiting"] for item in asked)


async def test_the_rest_of_one_unit_is_asked_for_by_its_cursor(admin: Browser, owners: Owners) -> None:
    say(owners, LETTERS, letter())
    before = owners.count(LETTERS)
    answer = await admin.get(f"{PAGE}?unit=leads&cursor=next&state=replayed")
    assert owners.count(LETTERS) == before + 1
    assert parse_qs(owners.last(LETTERS).query) == {
        "state": ["replayed"],
        "limit": ["50"],
        "cursor": ["next"],
    }
    assert "Сотрудники" not in answer.text
    assert "Повторить все" not in answer.text
    assert f'href="{PAGE}?state=replayed"' in answer.text
    assert "К началу" in answer.text


async def test_a_list_of_what_waits_looks_again_by_itself(admin: Browser, owners: Owners) -> None:
    say(owners, LETTERS, letter())
    assert f'hx-get="{PAGE}" hx-trigger="every 20s"' in (await admin.get(PAGE)).text
    assert "hx-get" not in (await admin.get(f"{PAGE}?state=dropped")).text.partition("und-lists")[2]
    assert "К началу" not in (await admin.get(PAGE)).text


async def test_what_has_no_queue_any_more_is_not_offered_to_be_replayed(
    admin: Browser, owners: Owners
) -> None:
    item = letter(queue_gone=True)
    say(owners, LETTERS, item)
    listed = (await admin.get(PAGE)).text
    assert "очереди больше нет" in listed
    assert f"{item['id']}/replay" not in listed
    assert f"{item['id']}/replay" not in (await admin.get(f"{PAGE}/leads/{item['id']}")).text


async def test_with_nothing_there_the_page_says_so(admin: Browser) -> None:
    assert "Недоставленных сообщений нет" in (await admin.get(PAGE)).text
    assert "Карантин пуст" in (await admin.get(EVENTS)).text
    assert "Таких нет" in (await admin.get(f"{PAGE}?state=dropped")).text


async def test_a_unit_that_does_not_answer_is_named_and_the_others_stand(
    admin: Browser, owners: Owners
) -> None:
    owners.refuse[LETTERS] = problem(503, "busy", "away")
    answer = await admin.get(PAGE)
    assert answer.status_code == 200
    assert answer.text.count("Временно недоступно") == 4
    assert "Недоставленных сообщений нет" not in answer.text


async def test_one_letter_is_shown_with_its_body_its_history_and_its_other_deaths(
    admin: Browser, owners: Owners
) -> None:
    act = {"kind": "replayed", "at": "2026-05-02T09:00:00+00:00", "by": "Борис Орлов", "reason": ""}
    other = str(uuid4())
    item = letter(acts=[act], same_message=[other])
    say(owners, LETTERS, item)
    answer = await admin.get(f"{PAGE}/leads/{item['id']}")
    assert "Фёдор &lt;b&gt;" in answer.text
    assert "Возвращено в очередь: Борис Орлов" in answer.text
    assert f'href="{PAGE}/leads/{other}"' in answer.text
    assert item["message_id"] in answer.text
    assert "Удалить насовсем" in answer.text


@pytest.mark.parametrize(
    ("body", "shown"), [({"text": "имя=А"}, "имя=А"), ({"base64": "/w=="}, "двоичные данные")]
)
async def test_a_body_of_any_kind_is_shown(
    admin: Browser, owners: Owners, body: dict[str, str], shown: str
) -> None:
    item = letter(body=body)
    say(owners, LETTERS, item)
    assert shown in (await admin.get(f"{PAGE}/staff/{item['id']}")).text


async def test_what_is_settled_offers_nothing_more(admin: Browser, owners: Owners) -> None:
    item = letter(state="dropped", body={"text": ""})
    say(owners, LETTERS, item)
    answer = await admin.get(f"{PAGE}/leads/{item['id']}")
    assert "Содержимое удалено." in answer.text
    assert "Удалить насовсем" not in answer.text
    assert f"{item['id']}/replay" not in answer.text


async def test_replaying_one_goes_to_its_unit_and_comes_back_with_a_word(
    admin: Browser, owners: Owners
) -> None:
    item = letter()
    address = f"{LETTERS}/{item['id']}/replay"
    owners.refuse[address] = Response(status_code=204)
    answer = await admin.send(f"{PAGE}/leads/{item['id']}/replay")
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert owners.last(address).method == "POST"
    assert "Сообщение возвращено в очередь" in (await admin.get(PAGE)).text


@pytest.mark.parametrize(
    ("status", "slug", "words"),
    [
        (409, "dead-letter-settled", "уже всё решено"),
        (409, "queue-gone", "больше нет"),
        (404, "dead-letter-not-found", "Такого сообщения нет"),
        (503, "publish-failed", "Ничего не изменилось"),
        (400, "odd", "Не получилось: why"),
    ],
)
async def test_a_refusal_is_told_in_words(
    admin: Browser, owners: Owners, status: int, slug: str, words: str
) -> None:
    item = letter()
    owners.refuse[f"{LETTERS}/{item['id']}/replay"] = problem(status, slug, "why")
    await admin.send(f"{PAGE}/leads/{item['id']}/replay")
    assert words in (await admin.get(PAGE)).text


async def test_all_are_replayed_at_every_unit_or_at_one(admin: Browser, owners: Owners) -> None:
    owners.refuse[f"{LETTERS}/replay"] = JSONResponse({"replayed": 3, "left": 1, "gone": 0})
    await admin.send(f"{PAGE}/replay")
    assert "Отправлено: 12. Осталось: 4.</div>" in (await admin.get(PAGE)).text
    await admin.send(f"{PAGE}/contacts/replay")
    assert "Отправлено: 3. Осталось: 1.</div>" in (await admin.get(PAGE)).text
    assert owners.count(f"{LETTERS}/replay", "POST") == 5


async def test_those_without_a_queue_are_told_apart_and_a_unit_that_is_away_is_named(
    admin: Browser, owners: Owners
) -> None:
    owners.refuse[f"{LETTERS}/replay"] = JSONResponse({"replayed": 4, "left": 60, "gone": 60})
    await admin.send(f"{PAGE}/contacts/replay")
    shown = (await admin.get(PAGE)).text
    assert "Отправлено: 4. У 60 больше нет очереди.</div>" in shown
    assert "v-flash-bad" in shown
    owners.refuse[f"{LETTERS}/replay"] = problem(503, "busy", "away")
    await admin.send(f"{PAGE}/contacts/replay")
    assert "Не ответили: Контакты." in (await admin.get(PAGE)).text


async def test_dropping_needs_a_reason_which_goes_to_the_owner(admin: Browser, owners: Owners) -> None:
    item = letter()
    say(owners, LETTERS, item)
    address = f"{PAGE}/leads/{item['id']}"
    answer = await admin.send(f"{address}/drop", {"reason": "  "})
    assert answer.headers["location"] == address
    assert owners.count(f"{LETTERS}/{item['id']}", "DELETE") == 0
    owners.refuse[f"{LETTERS}/{item['id']}"] = Response(status_code=204)
    await admin.send(f"{address}/drop", {"reason": "проба"})
    asked = owners.last(f"{LETTERS}/{item['id']}")
    assert (asked.method, parse_qs(asked.query)) == ("DELETE", {"reason": ["проба"]})


async def test_all_that_wait_of_a_queue_are_dropped_for_one_reason(admin: Browser, owners: Owners) -> None:
    owners.refuse[f"{LETTERS}/drop"] = JSONResponse({"dropped": 61})
    address = f"{PAGE}/leads/{uuid4()}/drop"
    await admin.send(address, {"reason": "проба", "queue": "leads.gone"})
    assert owners.last(f"{LETTERS}/drop").method == "POST"
    assert "Удалено 61 сообщение" in (await admin.get(PAGE)).text


async def test_the_pages_speak_english_too(admin: Browser, owners: Owners) -> None:
    item = letter()
    say(owners, LETTERS, item)
    admin.http.cookies.set("voronka-language", "en")
    for address in (PAGE, EVENTS, f"{PAGE}/leads/{item['id']}"):
        text = (await admin.get(address)).text
        assert "Undelivered" in text


@pytest.mark.parametrize("address", [PAGE, EVENTS, f"{PAGE}/leads/{uuid4()}", f"{EVENTS}/{uuid4()}"])
async def test_the_pages_are_for_administrators_alone(browser: Browser, owners: Owners, address: str) -> None:
    before = owners.count(LETTERS) + owners.count(QUARANTINE)
    assert (await browser.get(address)).status_code == 403
    assert owners.count(LETTERS) + owners.count(QUARANTINE) == before
    assert PAGE not in (await browser.get("/")).text


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}/replay",
        f"{PAGE}/leads/replay",
        f"{PAGE}/leads/{uuid4()}/replay",
        f"{PAGE}/leads/{uuid4()}/drop",
        f"{EVENTS}/translate-again",
        f"{EVENTS}/{uuid4()}/translate-again",
        f"{EVENTS}/{uuid4()}/drop",
    ],
)
async def test_nobody_else_and_no_other_site_sets_anything_going(
    browser: Browser, owners: Owners, anna: Person, address: str
) -> None:
    assert (await browser.send(address, {"reason": "x"})).status_code == 403
    anna.grants["roles.edit"] = "all"
    owners.sessions.clear()
    await browser.log_in(anna.login)
    forged = await browser.send(address, {"reason": "x", "csrf": csrf_token("other")})
    assert forged.status_code == 403
    assert owners.count(address.replace("/settings", "/api/v1")) == 0


async def test_the_administrator_finds_the_page_in_the_menu(admin: Browser) -> None:
    assert f'href="{PAGE}"' in (await admin.get("/")).text


@pytest.mark.parametrize("address", [f"{PAGE}/fax/{uuid4()}", f"{PAGE}/leads/7", f"{EVENTS}/7"])
async def test_an_unknown_unit_or_number_is_not_found(admin: Browser, address: str) -> None:
    assert (await admin.get(address)).status_code == 404


async def test_a_cursor_that_the_owner_does_not_know_is_a_bad_request(admin: Browser, owners: Owners) -> None:
    owners.refuse[LETTERS] = problem(400, "bad-cursor", "no")
    assert (await admin.get(f"{PAGE}?unit=leads&cursor=x")).status_code == 400
