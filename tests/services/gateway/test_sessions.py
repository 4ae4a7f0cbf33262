"""Signing in and out, and the exchange of the browser's token for a signed one."""

import asyncio

import pytest
from fastapi.responses import JSONResponse

from shared.contracts.staff import EmployeeChanged
from shared.http.problems import problem
from tests.booting import Running
from tests.services.gateway.browser import COOKIE, Browser
from tests.services.gateway.company import Person
from tests.services.gateway.conftest import NewBrowser
from tests.services.gateway.owners import Owners

EXCHANGE = "/internal/token-exchange"


def told(gateway: Running, person: Person, *, active: bool = True) -> None:
    event = EmployeeChanged(employee_id=person.id, version=2, number=1, name=person.name, is_active=active)
    gateway.app.live.hear(event.topic, event.model_dump(mode="json"))


async def test_login_puts_the_token_into_a_cookie_that_no_script_reads(
    anna: Person, new_browser: NewBrowser
) -> None:
    browser = await new_browser()
    answer = await browser.log_in(anna.login, next="/leads/1?x=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/leads/1?x=2")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "expires" not in cookie
    assert browser.token


async def test_a_reader_who_wants_to_be_remembered_gets_a_lasting_cookie(
    anna: Person, new_browser: NewBrowser, owners: Owners
) -> None:
    answer = await (await new_browser()).log_in(anna.login, remember="1")
    assert "expires=" in answer.headers["set-cookie"]
    assert b'"remember":true' in owners.last("/api/v1/session").body.replace(b" ", b"")


async def test_a_wrong_password_says_not_which_of_the_two_was_wrong(anna: Person, stranger: Browser) -> None:
    wrong = await stranger.log_in(anna.login, "guess")
    unknown = await stranger.log_in("nobody", "guess")
    assert wrong.status_code == unknown.status_code == 401
    assert "Логин или пароль не подходят" in wrong.text
    assert 'value="anna"' in wrong.text
    assert not stranger.token


async def test_too_many_attempts_are_answered_as_such(stranger: Browser, owners: Owners) -> None:
    owners.refuse["/api/v1/session"] = problem(429, "too-many-attempts", "Too many attempts.")
    answer = await stranger.log_in("anna", "guess")
    assert answer.status_code == 429
    assert "Слишком много попыток" in answer.text


async def test_login_says_when_staff_is_away(stranger: Browser, owners: Owners) -> None:
    owners.refuse["/api/v1/session"] = JSONResponse({}, 503)
    answer = await stranger.log_in("anna", "guess")
    assert answer.status_code == 503
    assert "временно недоступен" in answer.text


async def test_a_new_login_ends_the_session_before(browser: Browser, anna: Person, owners: Owners) -> None:
    before = browser.token
    await browser.log_in(anna.login)
    assert browser.token != before
    assert before not in owners.sessions
    assert browser.token in owners.sessions


async def test_who_is_signed_in_does_not_see_the_login_form(browser: Browser) -> None:
    answer = await browser.get("/login?next=/leads/5")
    assert (answer.status_code, answer.headers["location"]) == (303, "/leads/5")


async def test_the_token_is_exchanged_once_and_for_all_at_a_time(browser: Browser, owners: Owners) -> None:
    await asyncio.gather(*(browser.part("/board/cards?ids=") for _ in range(8)))
    assert owners.count(EXCHANGE) == 1


async def test_owners_get_the_signed_token_and_never_the_cookie(browser: Browser, owners: Owners) -> None:
    await browser.part("/board/cards?ids=")
    asked = owners.last("/api/v1/leads/count")
    assert asked.who is not None
    assert asked.who.name == "Анна Смирнова"
    assert "cookie" not in asked.headers
    assert browser.token not in str(asked.headers)


async def test_a_change_of_an_employee_drops_his_token_and_nobody_elses(
    gateway: Running, browser: Browser, anna: Person, owners: Owners
) -> None:
    await browser.part("/board/cards?ids=")
    told(gateway, Person("ivan", "Иван Петров"))
    await browser.part("/board/cards?ids=")
    assert owners.count(EXCHANGE) == 1
    told(gateway, anna)
    await browser.part("/board/cards?ids=")
    assert owners.count(EXCHANGE) == 2


async def test_a_disabled_employee_is_out_at_once(gateway: Running, browser: Browser, anna: Person) -> None:
    assert (await browser.part("/board/cards?ids=")).status_code == 200
    anna.is_active = False
    told(gateway, anna, active=False)
    assert (await browser.part("/board/cards?ids=")).status_code == 401
    assert (await browser.get("/")).headers["location"] == "/login"


async def test_an_answer_older_than_a_change_is_not_remembered(
    gateway: Running, browser: Browser, anna: Person, owners: Owners
) -> None:
    owners.slow[EXCHANGE] = 0.2
    asking = asyncio.create_task(gateway.app.sessions.of(browser.token))
    await asyncio.sleep(0.1)
    told(gateway, anna)
    await asking
    await browser.part("/board/cards?ids=")
    assert owners.count(EXCHANGE) == 2


async def test_logout_ends_the_session_here_and_at_staff(browser: Browser, owners: Owners) -> None:
    token = browser.token
    await browser.get("/")
    answer = await browser.send("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert token not in owners.sessions
    assert not browser.token
    browser.http.cookies.set(COOKIE, token)
    assert (await browser.get("/")).headers["location"] == "/login"


async def test_logout_works_here_even_when_staff_is_away(browser: Browser, owners: Owners) -> None:
    await browser.get("/")
    owners.refuse["/api/v1/session"] = JSONResponse({}, 503)
    assert (await browser.send("/logout")).status_code == 303
    assert not browser.token


async def test_a_page_that_staff_cannot_vouch_for_is_temporarily_unavailable(
    browser: Browser, owners: Owners
) -> None:
    owners.refuse[EXCHANGE] = JSONResponse({}, 500)
    page, part = await browser.get("/"), await browser.part("/board/cards?ids=")
    assert page.status_code == part.status_code == 503
    assert "Временно недоступно" in page.text
    assert part.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["", "x" * 500, "unknown"])
async def test_a_token_that_staff_does_not_know_is_nobody(stranger: Browser, token: str) -> None:
    stranger.http.cookies.set(COOKIE, token)
    assert (await stranger.part("/board/cards?ids=")).status_code == 401
