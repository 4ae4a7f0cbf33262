"""Employees: created, changed, found; nobody is left out and nobody overwrites."""

import asyncio
from typing import Any

import pytest

from shared.contracts.staff import EmployeeChanged, RoleChanged
from tests.services.asking import Asked
from tests.services.staff.people import EMPLOYEES, PASSWORD, ROLES, built_in, new_employee, new_role

ADMIN = "admin"


async def admin_id(staff: Asked) -> str:
    """Return the id of the first administrator."""
    (found,) = (await staff.read(f"{EMPLOYEES}?q={ADMIN}"))["items"]
    return str(found["id"])


async def test_a_new_employee_has_a_number_a_version_and_a_phone_in_one_form(staff: Asked) -> None:
    found = await new_employee(staff, email="ivan@Example.com", phone="8 (921) 447-18-63", language="en")
    assert found["number"] > 0
    assert (found["version"], found["is_active"], found["language"]) == (1, True, "en")
    assert (found["phone"], found["email"]) == ("+79214471863", "ivan@example.com")
    assert (await staff.read(f"{EMPLOYEES}/{found['id']}")) == found


async def test_the_password_is_never_shown(staff: Asked) -> None:
    answer = await staff.ask(
        "POST", EMPLOYEES, {"login": "secretive", "name": "А", "password": "MARKER-77-xy"}
    )
    stale = await staff.ask(
        "PATCH", f"{EMPLOYEES}/{answer.json()['id']}", {"name": "Б"}, headers={"If-Match": '"99"'}
    )
    page = await staff.ask("GET", f"{EMPLOYEES}?q=secretive")
    for found in (answer, stale, page):
        assert "MARKER" not in found.text
        assert "argon2" not in found.text
        assert "password" not in found.text
    outbox = str([row["body"] for row in await staff.rows("select body from outbox")])
    assert "MARKER" not in outbox
    assert "argon2" not in outbox


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.login"),
        ({"login": "x", "name": "А"}, "body.login"),
        ({"login": "not a login", "name": "А"}, "body.login"),
        ({"login": "logi\x00n", "name": "А"}, "body.login"),
        ({"login": "fine", "name": " "}, "body.name"),
        ({"login": "fine", "name": "a\x00b"}, "body.name"),
        ({"login": "fine", "name": "А" * 201}, "body.name"),
        ({"login": "fine", "name": "А", "email": "nothing"}, "body.email"),
        ({"login": "fine", "name": "А", "phone": "звоните"}, "body.phone"),
        ({"login": "fine", "name": "А", "language": "de"}, "body.language"),
        ({"login": "fine", "name": "А", "is_active": None}, "body.is_active"),
        ({"login": "fine", "name": "А", "id": "1"}, "body.id"),
        ({"login": "fine", "name": "А", "version": 7}, "body.version"),
        ({"login": "fine", "name": "А", "password_hash": "x"}, "body.password_hash"),
    ],
)
async def test_what_does_not_fit_is_400_with_its_field(
    staff: Asked, body: dict[str, Any], field: str
) -> None:
    answer = await staff.ask("POST", EMPLOYEES, body)
    assert answer.status_code == 400
    assert any(item["field"].startswith(field) for item in answer.json()["errors"])


@pytest.mark.parametrize(
    "password",
    [
        "short-7",
        "password",
        "PASSWORD",
        "qwerty123",
        "12345678",
        "пароль123",
        "aaaaaaaaaaaa",
        "        ",
        "x" * 257,
    ],
)
async def test_a_weak_password_is_refused(staff: Asked, password: str) -> None:
    answer = await staff.ask("POST", EMPLOYEES, {"login": "weak", "name": "А", "password": password})
    assert answer.status_code == 400
    assert (await staff.read(f"{EMPLOYEES}?q=weak"))["items"] == []


async def test_the_login_is_no_password(staff: Asked) -> None:
    answer = await staff.ask(
        "POST", EMPLOYEES, {"login": "long-enough", "name": "А", "password": "Long-Enough"}
    )
    assert (answer.status_code, answer.json()["title"]) == (400, "weak-password")


async def test_a_long_password_with_spaces_is_welcome(staff: Asked) -> None:
    found = await new_employee(staff, password="ы " * 100)
    assert found["version"] == 1


@pytest.mark.parametrize("name", ["login", "email"])
async def test_login_and_e_mail_are_taken_once_in_any_case(staff: Asked, name: str) -> None:
    first = await new_employee(staff, **{name: f"taken.{name}@example.com"})
    taken = first[name].upper()
    answer = await staff.ask("POST", EMPLOYEES, {"login": f"other-{name}", "name": "А", name: taken})
    assert (answer.status_code, answer.json()["title"]) == (409, "login-taken")


async def test_twenty_at_once_with_one_login_are_one(staff: Asked) -> None:
    body = {"login": "racing", "name": "А"}
    answers = await asyncio.gather(*(staff.ask("POST", EMPLOYEES, body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]


async def test_an_unknown_role_is_400(staff: Asked) -> None:
    body = {"login": "roleless", "name": "А", "role_ids": ["0190a1b2-0000-7000-8000-000000000001"]}
    answer = await staff.ask("POST", EMPLOYEES, body)
    assert (answer.status_code, answer.json()["title"]) == (400, "role-unknown")
    assert (await staff.read(f"{EMPLOYEES}?q=roleless"))["items"] == []


async def test_a_change_needs_the_version_that_was_seen(staff: Asked) -> None:
    found = await new_employee(staff)
    path = f"{EMPLOYEES}/{found['id']}"
    headers = staff.headers("administrator")
    without = await staff.client.patch(path, json={"name": "Б"}, headers=headers)
    assert without.status_code == 428
    seen = await staff.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": '"1"'})
    assert (seen.status_code, seen.headers["etag"], seen.json()["version"]) == (200, '"2"', 2)
    stale = await staff.ask("PATCH", path, {"name": "В"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["title"]) == (412, "stale-version")
    assert stale.json()["current"] == seen.json()


async def test_of_many_changes_of_one_version_one_wins(staff: Asked) -> None:
    found = await new_employee(staff)
    answers = await asyncio.gather(
        *(
            staff.ask("PATCH", f"{EMPLOYEES}/{found['id']}", {"name": f"№ {n}"}, headers={"If-Match": '"1"'})
            for n in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 9]


async def test_what_is_not_given_stays_as_it_is(staff: Asked) -> None:
    role = await new_role(staff)
    found = await new_employee(staff, email="stay@example.com", phone="+79214471863", role_ids=[role["id"]])
    changed = await staff.change(f"{EMPLOYEES}/{found['id']}", name="Новое имя")
    assert {**found, "name": "Новое имя", "version": 2, "updated_at": changed["updated_at"]} == changed


async def test_an_unknown_employee_is_404(staff: Asked) -> None:
    path = f"{EMPLOYEES}/0190a1b2-0000-7000-8000-000000000001"
    assert (await staff.ask("GET", path)).json()["title"] == "employee-not-found"
    assert (await staff.ask("PATCH", path, {"name": "Б"})).status_code == 404
    assert (await staff.ask("GET", f"{EMPLOYEES}/x")).status_code == 400


async def test_employees_are_listed_filtered_and_found(staff: Asked) -> None:
    role = await new_role(staff)
    one = await new_employee(staff, name="Ёжикова Мария", role_ids=[role["id"]])
    two = await new_employee(staff, name="Ёжиков Пётр", is_active=False)
    everybody = [item["id"] for item in await staff.everything(EMPLOYEES, limit=3)]
    assert len(everybody) == len(set(everybody))
    assert {one["id"], two["id"]} <= set(everybody)

    async def ids(query: str) -> set[str]:
        return {item["id"] for item in await staff.everything(f"{EMPLOYEES}?{query}")}

    assert await ids("q=ёжиков") == {one["id"], two["id"]}
    assert await ids(f"role_id={role['id']}") == {one["id"]}
    assert await ids("q=ёжиков&is_active=false") == {two["id"]}
    assert (await staff.ask("GET", f"{EMPLOYEES}?is_active=maybe")).status_code == 400
    assert (await staff.ask("GET", f"{EMPLOYEES}?admin=1")).status_code == 400


@pytest.mark.feature("S260")
async def test_joining_and_leaving_roles_is_told_with_the_whole_state(staff: Asked) -> None:
    taking = await new_role(staff, grants={"leads.take": "own"})
    found = await new_employee(staff)
    path = f"{EMPLOYEES}/{found['id']}"
    await staff.change(path, role_ids=[taking["id"]])
    await staff.change(path, role_ids=[])
    events = await staff.events(EmployeeChanged, found["id"])
    assert [event["version"] for event in events] == [1, 2, 3]
    assert [event["takes_leads"] for event in events] == [False, True, False]
    assert [event["role_ids"] for event in events] == [[], [taking["id"]], []]
    assert {event["name"] for event in events} == {found["name"]}
    roles = await staff.events(RoleChanged, taking["id"])
    assert [event["member_ids"] for event in roles] == [[], [found["id"]], []]
    assert [event["version"] for event in roles] == [1, 2, 3]


async def test_disabling_is_told(staff: Asked) -> None:
    found = await new_employee(staff)
    await staff.change(f"{EMPLOYEES}/{found['id']}", is_active=False)
    events = await staff.events(EmployeeChanged, found["id"])
    assert [event["is_active"] for event in events] == [True, False]


async def test_a_refused_change_tells_nothing(staff: Asked) -> None:
    found = await new_employee(staff)
    path = f"{EMPLOYEES}/{found['id']}"
    await staff.ask("PATCH", path, {"password": "short"})
    await staff.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": '"9"'})
    assert len(await staff.events(EmployeeChanged, found["id"])) == 1


@pytest.mark.feature("S261")
async def test_the_last_administrator_stays(staff: Asked) -> None:
    path = f"{EMPLOYEES}/{await admin_id(staff)}"
    role = await built_in(staff, "administrator")
    ways: list[tuple[str, dict[str, Any]]] = [
        (path, {"is_active": False}),
        (path, {"role_ids": []}),
        (f"{ROLES}/{role['id']}", {"member_ids": []}),
        (f"{ROLES}/{role['id']}", {"grants": {}}),
        (f"{ROLES}/{role['id']}", {"grants": {"employees.edit": "all"}}),
    ]
    for way, body in ways:
        answer = await staff.ask("PATCH", way, body)
        assert (answer.status_code, answer.json()["title"]) == (409, "last-administrator")
    assert (await staff.read(path))["is_active"] is True


async def test_two_administrators_cannot_disable_each_other(staff: Asked) -> None:
    role = await built_in(staff, "administrator")
    first = await admin_id(staff)
    second = (await new_employee(staff, role_ids=[role["id"]], password=PASSWORD))["id"]
    answers = await asyncio.gather(
        *(staff.ask("PATCH", f"{EMPLOYEES}/{one}", {"is_active": False}) for one in (first, second))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    for one in (first, second):
        await staff.ask("PATCH", f"{EMPLOYEES}/{one}", {"is_active": True})


async def test_an_administrator_who_cannot_log_in_does_not_count(staff: Asked) -> None:
    role = await built_in(staff, "administrator")
    for one in await staff.everything(f"{EMPLOYEES}?role_id={role['id']}"):
        if one["login"] != ADMIN:
            await staff.change(f"{EMPLOYEES}/{one['id']}", role_ids=[])
    await new_employee(staff, role_ids=[role["id"]])
    answer = await staff.ask("PATCH", f"{EMPLOYEES}/{await admin_id(staff)}", {"is_active": False})
    assert answer.status_code == 409
