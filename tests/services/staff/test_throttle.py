"""Guessing is slow, and nobody is cheaply kept out: tries by login and address."""

import asyncio
from uuid import uuid4

import httpx2
import pytest

from services.staff.adapters.passwords import ArgonPasswords
from services.staff.domain.throttle import MOST, Tries, full, too_many
from shared.http.client_address import CLIENT_ADDRESS
from shared.kernel.clock import utc_now
from shared.kernel.errors import BusyError
from tests.services.asking import Asked
from tests.services.staff.people import PASSWORD, SESSION, log_in, new_employee

STRANGER, OFFICE = "203.0.113.9", "198.51.100.1"


@pytest.mark.parametrize(
    ("tries", "last", "over"),
    [
        (Tries(), False, False),
        (Tries(9, 49, 99), False, False),
        (Tries(10, 10, 10), True, False),
        (Tries(1, 50, 1), True, False),
        (Tries(1, 1, 100), True, False),
        (Tries(11, 11, 11), True, True),
        (Tries(1, 51, 1), True, True),
        (Tries(1, 1, 101), True, True),
    ],
)
def test_each_of_the_three_limits_counts_alone(tries: Tries, last: bool, over: bool) -> None:  # noqa: FBT001 - a cell of the table
    assert (full(tries), too_many(tries)) == (last, over)


async def fill(staff: Asked, login: str, address: str, tries: int) -> None:
    """Put tries that failed just now into the database."""
    statement = "insert into attempts (login, address, at) select $1, $2, $3 from generate_series(1, $4)"
    await staff.rows(statement, login, address, utc_now(), tries)


async def count(staff: Asked, login: str) -> int:
    """Return how many tries of a login are remembered."""
    (row,) = await staff.rows("select count(*) from attempts where login = $1", login)
    return int(row[0])


async def test_a_stranger_who_tries_too_often_keeps_only_himself_out(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    login = employee["login"]
    tries = [await log_in(staff, login, "wrong", address=STRANGER) for _ in range(12)]
    assert [answer.status_code for answer in tries] == [401] * 10 + [429] * 2
    assert (await log_in(staff, login, address=OFFICE)).status_code == 201
    assert (await log_in(staff, login, address=STRANGER)).status_code == 429


async def test_a_refused_try_leaves_no_trace_and_so_prolongs_nothing(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    await fill(staff, employee["id"], "192.0.2.1", MOST.here)
    answers = await asyncio.gather(
        *(log_in(staff, employee["login"], "wrong", address="192.0.2.1") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {429}
    assert await count(staff, employee["id"]) == MOST.here


async def test_login_and_e_mail_of_one_employee_count_together(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD, email=f"{uuid4().hex}@example.com")
    for place in range(10):
        login = employee["login"] if place % 2 else employee["email"]
        assert (await log_in(staff, login, "wrong", address="192.0.2.2")).status_code == 401
    for login in (employee["login"], employee["email"]):
        assert (await log_in(staff, login, address="192.0.2.2")).status_code == 429


async def test_an_address_tries_many_logins_only_so_often(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    for place in range(MOST.by_address):
        await fill(staff, f"guess-{place}", "192.0.2.3", 1)
    assert (await log_in(staff, employee["login"], address="192.0.2.3")).status_code == 429
    assert (await log_in(staff, employee["login"], address="192.0.2.4")).status_code == 201


async def test_a_network_of_the_sixth_version_is_one_address(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    await fill(staff, employee["id"], "2001:db8::/64", MOST.here)
    assert (await log_in(staff, employee["login"], address="2001:db8::7")).status_code == 429


async def test_a_login_tried_from_everywhere_is_closed_in_the_end(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    for place in range(10):
        await fill(staff, employee["id"], f"192.0.2.{100 + place}", 10)
    assert (await log_in(staff, employee["login"], address=OFFICE)).status_code == 429


async def test_a_success_forgets_only_the_tries_from_its_own_address(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    for address in (STRANGER, OFFICE):
        await fill(staff, employee["id"], address, 5)
    assert (await log_in(staff, employee["login"], address=OFFICE)).status_code == 201
    assert await count(staff, employee["id"]) == 5


async def test_only_a_unit_says_whose_request_it_passes_on(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    await fill(staff, employee["id"], "127.0.0.1", MOST.here)

    async def tried(asker: str, address: str) -> httpx2.Response:
        body, headers = {"login": employee["login"], "password": PASSWORD}, {CLIENT_ADDRESS: address}
        return await staff.ask("POST", SESSION, body, asker=asker, headers=headers)

    assert (await tried("nobody", OFFICE)).status_code == 429
    assert (await tried("administrator", OFFICE)).status_code == 429
    assert (await tried("unit", "no address")).status_code == 429
    assert (await tried("unit", OFFICE)).status_code == 201


async def test_who_would_wait_too_long_for_his_turn_is_asked_to_come_again(
    staff: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff.running.app.passwords, "_wait_s", 0.001)
    address = "192.0.2.5"
    answers = await asyncio.gather(
        *(log_in(staff, f"nobody-{place}", address=address) for place in range(20))
    )
    busy = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["retry-after"] for answer in busy} == {"1"}
    assert {answer.status_code for answer in answers} - {503} == {401}
    left = await staff.rows("select count(*) from attempts where address = $1", address)
    assert left[0][0] == len(answers) - len(busy)


async def test_the_slots_are_free_again_after_somebody_gave_up_waiting() -> None:
    passwords = ArgonPasswords(wait_s=0.001)
    found = await asyncio.gather(*(passwords.hash("x") for _ in range(8)), return_exceptions=True)
    assert [type(item) for item in found] == [str, str, *[BusyError] * 6]
    assert await passwords.matches(str(found[0]), "x")
    assert await passwords.matches(str(found[1]), "x")
