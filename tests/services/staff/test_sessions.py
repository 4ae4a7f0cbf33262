"""Logging in and out: throttled, opaque, ended at once for whoever is disabled."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.contracts.staff import SessionClosed
from shared.http.tokens import KeyRing
from shared.kernel.clock import utc_now
from shared.messaging.outbox import Outbox
from tests.services.asking import Asked
from tests.services.staff.people import (
    ADMIN_PASSWORD,
    EMPLOYEES,
    PASSWORD,
    SESSION,
    built_in,
    exchange,
    log_in,
    new_employee,
    new_role,
    token_of,
)


async def test_the_first_start_makes_an_administrator_with_the_given_password(staff: Asked) -> None:
    answer = await log_in(staff, "admin", ADMIN_PASSWORD)
    assert answer.status_code == 201
    assert answer.json()["employee"]["name"] == "Администратор"


async def test_a_session_lasts_twelve_hours_or_fourteen_days(staff: Asked) -> None:
    login = (await new_employee(staff, password=PASSWORD))["login"]
    short = datetime.fromisoformat((await log_in(staff, login)).json()["expires_at"])
    long = datetime.fromisoformat((await log_in(staff, login, remember=True)).json()["expires_at"])
    assert timedelta(hours=11.9) < short - datetime.now(UTC) < timedelta(hours=12.1)
    assert timedelta(days=13.9) < long - datetime.now(UTC) < timedelta(days=14.1)


async def test_login_and_e_mail_work_in_any_case_and_are_trimmed(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD, email="Anna.Smirnova@Example.com")
    for login in (employee["login"].upper(), f"  {employee['login']} ", "anna.smirnova@example.COM"):
        assert (await log_in(staff, login)).status_code == 201


async def test_a_login_that_looks_like_somebody_elses_e_mail_keeps_nobody_out(staff: Asked) -> None:
    victim = await new_employee(staff, password=PASSWORD, email="victim@example.com")
    await new_employee(staff, login="victim@example.com", password="another-secret-1")
    assert (await log_in(staff, victim["login"])).status_code == 201
    assert (await log_in(staff, "victim@example.com", "another-secret-1")).status_code == 201


@pytest.mark.parametrize(
    ("login", "password"),
    [("admin", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\x00b", "x"), ("%", "x"), ("admin'--", "x")],
)
async def test_a_wrong_login_or_password_is_401_and_says_not_which(
    staff: Asked, login: str, password: str
) -> None:
    answer = await log_in(staff, login, password)
    assert (answer.status_code, answer.json()["title"]) == (401, "wrong-credentials")
    assert answer.json()["detail"] == "Login or password is wrong."


@pytest.mark.parametrize(
    "body", [b'{"login": "\\ud800", "password": "x"}', b'{"login": "x", "password": "\\ud800"}']
)
async def test_a_lone_surrogate_is_refused_and_breaks_nothing(staff: Asked, body: bytes) -> None:
    answer = await staff.client.post(SESSION, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 401}


async def test_after_ten_failures_the_login_is_closed_even_with_the_right_password(staff: Asked) -> None:
    login = (await new_employee(staff, password=PASSWORD))["login"]
    for _ in range(10):
        assert (await log_in(staff, login, "wrong")).status_code == 401
    answer = await log_in(staff, login)
    assert (answer.status_code, answer.json()["title"]) == (429, "too-many-attempts")
    assert (await log_in(staff, (await new_employee(staff, password=PASSWORD))["login"])).status_code == 201


async def test_thirty_tries_at_once_are_not_more_than_ten(staff: Asked) -> None:
    login = (await new_employee(staff, password=PASSWORD))["login"]
    answers = await asyncio.gather(*(log_in(staff, login, "wrong") for _ in range(30)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) <= 10
    assert statuses.count(401) + statuses.count(429) == 30


async def test_a_success_forgets_the_failures_before_it(staff: Asked) -> None:
    login = (await new_employee(staff, password=PASSWORD))["login"]
    for _ in range(2):
        for _ in range(9):
            assert (await log_in(staff, login, "wrong")).status_code == 401
        assert (await log_in(staff, login)).status_code == 201


async def test_old_attempts_and_sessions_are_swept_away(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    long_ago = utc_now() - timedelta(days=30)
    await staff.rows(
        "insert into attempts (login, address, at) select 'x', '', $1 from generate_series(1, 50)", long_ago
    )
    await staff.rows(
        "insert into sessions select decode(md5(n::text), 'hex'), $2, $1, $1 from generate_series(1, 50) n",
        long_ago,
        UUID(employee["id"]),
    )
    await token_of(staff, employee["login"])
    left = await staff.rows(
        "select (select count(*) from attempts where at <= $1) + (select count(*) from sessions where expires_at <= $1)",
        long_ago,
    )
    assert left[0][0] == 0


async def test_the_token_is_opaque_long_and_stored_only_as_a_hash(staff: Asked) -> None:
    login = (await new_employee(staff, password=PASSWORD))["login"]
    one, other = await token_of(staff, login), await token_of(staff, login)
    assert one != other
    assert len(one) >= 43
    dump = str(await staff.rows("select * from sessions"))
    assert one not in dump


async def test_a_unit_exchanges_it_for_a_signed_token_with_roles_and_rights(staff: Asked) -> None:
    head, manager = await built_in(staff, "head"), await built_in(staff, "manager")
    employee = await new_employee(staff, password=PASSWORD, role_ids=[head["id"], manager["id"]])
    department = await new_role(staff, head_id=employee["id"])
    answer = await exchange(staff, await token_of(staff, employee["login"]))
    assert answer.status_code == 200
    assert answer.json()["employee_id"] == employee["id"]
    who = KeyRing.parse(staff.keys.ring).verify(answer.json()["access_token"], utc_now())
    assert (str(who.employee_id), who.name) == (employee["id"], employee["name"])
    assert who.roles == {UUID(head["id"]), UUID(manager["id"])}
    assert who.heads == {UUID(department["id"])}
    assert who.require("leads", "read") == "team"


@pytest.mark.parametrize("asker", ["administrator", "manager", "nobody"])
async def test_only_units_exchange_tokens(staff: Asked, asker: str) -> None:
    token = await token_of(staff, (await new_employee(staff, password=PASSWORD))["login"])
    assert (await exchange(staff, token, asker=asker)).status_code == (401 if asker == "nobody" else 403)


@pytest.mark.parametrize("token", ["", "x", "\x00", "й" * 50])
async def test_a_token_that_nobody_was_given_is_401(staff: Asked, token: str) -> None:
    assert (await exchange(staff, token)).status_code == 401


async def test_logging_out_ends_the_session(staff: Asked) -> None:
    token = await token_of(staff, (await new_employee(staff, password=PASSWORD))["login"])
    answer = await staff.ask("DELETE", SESSION, asker="unit", headers={"X-Session-Token": token})
    assert answer.status_code == 204
    assert (await exchange(staff, token)).status_code == 401


async def test_logging_out_is_told_to_others_once_and_names_neither_token_nor_employee(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    token = await token_of(staff, employee["login"])
    hashed = hashlib.sha256(token.encode())
    for _ in range(2):
        await staff.ask("DELETE", SESSION, asker="unit", headers={"X-Session-Token": token})
    told = await staff.events(SessionClosed, UUID(bytes=hashed.digest()[:16]))
    assert told == [{"token_hash": hashed.hexdigest()}]
    waiting = str(await staff.rows("select body from outbox where topic = $1", SessionClosed.topic))
    assert token not in waiting
    assert employee["id"] not in waiting


async def test_a_session_that_cannot_be_told_of_is_not_closed(
    staff: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    token = await token_of(staff, (await new_employee(staff, password=PASSWORD))["login"])
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "add", broken)
        answer = await staff.ask("DELETE", SESSION, asker="unit", headers={"X-Session-Token": token})
    assert answer.status_code == 500
    assert (await exchange(staff, token)).status_code == 200


async def test_closing_a_session_that_nobody_has_is_told_to_nobody(staff: Asked) -> None:
    before = await staff.rows("select count(*) from outbox where topic = $1", SessionClosed.topic)
    for token in ("", "unknown"):
        answer = await staff.ask("DELETE", SESSION, asker="unit", headers={"X-Session-Token": token})
        assert answer.status_code == 204
    assert await staff.rows("select count(*) from outbox where topic = $1", SessionClosed.topic) == before


async def test_an_expired_session_is_401(staff: Asked) -> None:
    token = await token_of(staff, (await new_employee(staff, password=PASSWORD))["login"])
    await staff.rows("update sessions set expires_at = now() - interval '1 second'")
    assert (await exchange(staff, token)).status_code == 401


async def test_a_disabled_employee_is_out_at_once_and_for_good(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    token = await token_of(staff, employee["login"])
    path = f"{EMPLOYEES}/{employee['id']}"
    await staff.change(path, is_active=False)
    assert (await exchange(staff, token)).status_code == 401
    assert (await log_in(staff, employee["login"])).status_code == 401
    await staff.change(path, is_active=True)
    assert (await exchange(staff, token)).status_code == 401
    assert (await log_in(staff, employee["login"])).status_code == 201


async def test_a_new_password_ends_all_sessions_of_the_old_one(staff: Asked) -> None:
    employee = await new_employee(staff, password=PASSWORD)
    token = await token_of(staff, employee["login"])
    await staff.change(f"{EMPLOYEES}/{employee['id']}", password="another-secret-1")
    assert (await exchange(staff, token)).status_code == 401
    assert (await log_in(staff, employee["login"])).status_code == 401
    assert (await log_in(staff, employee["login"], "another-secret-1")).status_code == 201


async def test_an_employee_without_a_password_cannot_log_in(staff: Asked) -> None:
    login = (await new_employee(staff))["login"]
    for password in ("", "None", PASSWORD):
        assert (await log_in(staff, login, password)).status_code == 401


async def test_me_tells_who_i_am_and_what_i_may(staff: Asked) -> None:
    manager = await built_in(staff, "manager")
    employee = await new_employee(staff, password=PASSWORD, role_ids=[manager["id"]])
    found = (await exchange(staff, await token_of(staff, employee["login"]))).json()
    answer = await staff.ask(
        "GET", "/api/v1/me", asker="nobody", headers={"Authorization": f"Bearer {found['access_token']}"}
    )
    me = answer.json()
    assert (me["id"], me["login"], me["number"]) == (employee["id"], employee["login"], employee["number"])
    assert me["roles"] == [{"id": manager["id"], "name": manager["name"]}]
    assert me["grants"] == manager["grants"]
