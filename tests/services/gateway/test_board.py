"""The board over HTTP: columns that fail alone, pieces for scripts, the reader's own scope."""

from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from fastapi.responses import JSONResponse

from shared.http.problems import problem
from tests.services.gateway.browser import Browser, json_of
from tests.services.gateway.company import Person, lead, taken
from tests.services.gateway.conftest import NewBrowser
from tests.services.gateway.owners import Owners

LEADS = "/api/v1/leads"


def asked_of_column(owners: Owners, text: str) -> dict[str, list[str]]:
    found = [item for item in owners.asked if item.path == LEADS and text in item.query]
    return parse_qs(found[-1].query)


@pytest.mark.feature("S070", "S072", "S073")
async def test_the_board_shows_what_is_not_sorted_out_and_what_is_in_work(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    owners.leads += [lead(11), taken(12, anna)]
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "Клиент 11" in answer.text
    assert "Клиент 12" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.feature("S072")
@pytest.mark.parametrize(("scope", "home"), [("own", "me"), ("team", "team"), ("all", "all")])
async def test_the_new_ones_are_asked_for_oldest_first_and_as_fits_the_reader(
    browser: Browser, owners: Owners, anna: Person, scope: Any, home: str
) -> None:
    anna.scoped(scope)
    await browser.get("/")
    asked = asked_of_column(owners, "status=new")
    assert asked["sort"] == ["created_at"]
    assert asked["assigned_to"] == [home]
    assert asked["limit"] == ["50"]


async def test_the_filter_of_the_address_goes_into_every_column(browser: Browser, owners: Owners) -> None:
    channel = str(uuid4())
    await browser.get(
        f"/?assigned_to=team&channel={channel}&kind=form&period=week&q=1284&responsible=nonsense"
    )
    lists = [parse_qs(item.query) for item in owners.asked if item.path == LEADS]
    assert len(lists) == 5
    for asked in lists:
        assert asked["assigned_to"] == ["team"]
        assert asked["channel_id"] == [channel]
        assert asked["kind"] == ["form"]
        assert asked["q"] == ["1284"]
        assert asked["created_at_from"]
        assert "responsible_id" not in asked


async def test_a_column_that_fails_leaves_the_others_standing(browser: Browser, owners: Owners) -> None:
    owners.leads.append(lead(11))
    owners.slow["status=rejected"] = 1.2
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "Клиент 11" in answer.text
    assert "Временно недоступно" in answer.text


async def test_without_leads_the_frame_of_the_board_still_stands(browser: Browser, owners: Owners) -> None:
    owners.refuse[LEADS] = JSONResponse({}, 500)
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert answer.text.count("Временно недоступно") >= 5


async def test_a_count_that_fails_costs_only_the_number(browser: Browser, owners: Owners) -> None:
    owners.leads += [lead(number) for number in range(60)]
    owners.refuse["/api/v1/leads/count"] = JSONResponse({}, 500)
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "Клиент 59" not in answer.text
    assert "Клиент 49" in answer.text


async def test_columns_are_counted_only_where_the_first_page_does_not_say_it(
    browser: Browser, owners: Owners
) -> None:
    owners.leads.append(lead(11))
    await browser.get("/")
    assert owners.count("/api/v1/leads/count") == 0
    owners.leads += [lead(number) for number in range(60)]
    await browser.get("/")
    assert owners.count("/api/v1/leads/count") == 1


@pytest.mark.parametrize(
    ("scope", "offered"),
    [("own", []), ("team", ["assigned_to=me"]), ("all", ["assigned_to=me", "assigned_to=team"])],
)
async def test_whose_leads_can_be_chosen_follows_from_the_rights(
    browser: Browser, owners: Owners, anna: Person, scope: Any, offered: list[str]
) -> None:
    anna.scoped(scope)
    page = (await browser.get("/")).text
    for choice in ("assigned_to=me", "assigned_to=team", "assigned_to=all"):
        assert (choice in page) is (choice in offered)
    await browser.get("/?assigned_to=all")
    wanted = {"own": "me"}.get(scope, scope)
    assert asked_of_column(owners, "status=new")["assigned_to"] == [wanted]


async def test_who_may_not_read_leads_gets_no_board(browser: Browser, anna: Person) -> None:
    anna.grants = {}
    page, part = await browser.get("/"), await browser.part("/board/cards?ids=")
    assert page.status_code == part.status_code == 403
    assert "Сюда нет доступа" in page.text


async def test_channels_and_people_for_the_filter_are_read_once_for_all(
    browser: Browser, owners: Owners, new_browser: NewBrowser
) -> None:
    owners.channels.append({"id": str(uuid4()), "name": "ВК сообщество", "reason_required": False})
    assert "ВК сообщество" in (await browser.get("/")).text
    other = await new_browser()
    await other.log_in("anna")
    await other.get("/")
    assert owners.count("/api/v1/channels") == 1
    assert owners.count("/api/v1/leads/assignees") == 1
    assert owners.last("/api/v1/channels").who.kind == "unit"  # type: ignore[union-attr]


async def test_show_more_continues_where_the_column_ended(browser: Browser, owners: Owners) -> None:
    owners.leads += [lead(number) for number in range(60)]
    piece = await browser.part("/board/columns/new?cursor=50&shown=50&assigned_to=all")
    assert piece.status_code == 200
    assert "Клиент 55" in piece.text
    assert "Клиент 49" not in piece.text
    assert "<html" not in piece.text
    page = await browser.get("/board/columns/new?cursor=50&shown=50")
    assert "<html" in page.text
    assert "Клиент 55" in page.text


async def test_a_cursor_that_nobody_gave_out_is_refused(browser: Browser, owners: Owners) -> None:
    owners.refuse[LEADS] = problem(400, "bad-cursor", "The cursor is not one of ours.")
    piece = await browser.part("/board/columns/new?cursor=nonsense")
    page = await browser.get("/board/columns/new?cursor=nonsense")
    assert piece.status_code == page.status_code == 400
    assert piece.json()["title"] == "bad-cursor"
    assert "Запрос не понят" in page.text


async def test_a_whole_column_can_be_read_anew(browser: Browser, owners: Owners) -> None:
    owners.leads.append(lead(11))
    piece = await browser.part("/board/columns/new/whole")
    assert piece.status_code == 200
    assert "Клиент 11" in piece.text
    owners.refuse[LEADS] = problem(503, "temporarily-unavailable", "Away.")
    failed = await browser.part("/board/columns/new/whole")
    assert failed.status_code == 503
    assert "Временно недоступно" in failed.text


async def test_a_column_that_does_not_exist_is_not_found(browser: Browser) -> None:
    assert (await browser.part("/board/columns/won")).status_code == 404
    assert (await browser.part("/board/columns/won/whole")).status_code == 404


@pytest.mark.feature("B24")
async def test_a_gathered_change_is_answered_with_cards_gone_ones_and_counters(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    new, work, gone = lead(11), taken(12, anna, version=7), str(uuid4())
    owners.leads += [new, work]
    body = json_of(await browser.part(f"/board/cards?ids={new['id']},{work['id']},{gone},nonsense"))
    cards = {card["id"]: card for card in body["cards"]}
    assert cards[new["id"]]["column"] == "new"
    assert cards[new["id"]]["order"] == new["created_at"]
    assert (cards[work["id"]]["column"], cards[work["id"]]["version"]) == ("today", 7)
    assert "Клиент 12" in cards[work["id"]]["html"]
    assert body["gone"] == [gone]
    assert body["columns"]["new"] == {"count": "1", "total": 1, "note": "сначала старые"}
    assert set(body["columns"]) == {"new", "today", "week", "earlier", "rejected"}
    assert body["columns"]["today"]["note"] is None


async def test_only_the_named_counters_and_those_of_the_cards_are_read(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    work = taken(12, anna)
    owners.leads.append(work)
    body = json_of(await browser.part(f"/board/cards?ids={work['id']}&columns=new"))
    assert set(body["columns"]) == {"new", "today"}
    assert owners.count("/api/v1/leads/count") == 2


async def test_cards_are_asked_for_in_one_request_under_the_filter(browser: Browser, owners: Owners) -> None:
    first, second = lead(11), lead(12)
    owners.leads += [first, second]
    await browser.part(f"/board/cards?ids={first['id']},{second['id']}&kind=form")
    lists = [item for item in owners.asked if item.path == LEADS]
    assert len(lists) == 1
    asked = parse_qs(lists[0].query)
    assert asked["kind"] == ["form"]
    assert asked["assigned_to"] == ["all"]


async def test_a_counter_that_does_not_answer_is_left_as_it_is(browser: Browser, owners: Owners) -> None:
    owners.refuse["/api/v1/leads/count"] = JSONResponse({}, 500)
    body = json_of(await browser.part("/board/cards?ids=&columns=today"))
    assert body["columns"] == {"today": {"count": None, "total": None, "note": None}}


async def test_cards_whose_owner_is_away_are_refused_as_a_problem(browser: Browser, owners: Owners) -> None:
    owners.refuse[LEADS] = JSONResponse({}, 502)
    answer = await browser.part(f"/board/cards?ids={uuid4()}")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_dispatcher_is_not_offered_to_take_leads(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    owners.leads.append(lead(11))
    offered = f'action="/leads/{owners.leads[0]["id"]}/claim"'
    assert offered in (await browser.get("/")).text
    del anna.grants["leads.take"]
    owners.sessions[browser.token] = anna
    other = await browser.log_in("anna")
    assert other.status_code == 303
    assert offered not in (await browser.get("/")).text


async def test_a_reader_who_chose_english_reads_english(browser: Browser, owners: Owners) -> None:
    owners.leads.append(lead(11))
    await browser.send("/preferences", {"language": "en"})
    page = (await browser.get("/")).text
    assert '<html lang="en"' in page
    assert "Не разобрано" not in page


async def test_a_reader_who_chose_a_theme_gets_it(browser: Browser) -> None:
    answer = await browser.send("/preferences", {"theme": "dark", "next": "/?kind=form"})
    assert answer.headers["location"] == "/?kind=form"
    assert 'data-theme="dark"' in (await browser.get("/")).text
