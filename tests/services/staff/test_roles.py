"""Roles: sets of employees with rights; whoever joins or leaves has other rights at once (S260)."""

import asyncio
from typing import Any

import pytest

from shared.contracts.staff import EmployeeChanged, RoleChanged
from tests.services.asking import Asked
from tests.services.staff.people import EMPLOYEES, PASSWORD, ROLES, exchange, new_employee, new_role, token_of

NOBODY = "0190a1b2-0000-7000-8000-000000000001"


@pytest.mark.feature("S260")
async def test_a_role_holds_employees_and_has_a_head(staff: Asked) -> None:
    one, two = await new_employee(staff), await new_employee(staff)
    role = await new_role(
        staff, name="Менеджеры", member_ids=[one["id"], two["id"], one["id"]], head_id=one["id"]
    )
    assert role["member_ids"] == sorted({one["id"], two["id"]})
    assert (role["head_id"], role["version"], role["key"]) == (one["id"], 1, "")
    assert await staff.read(f"{ROLES}/{role['id']}") == role
    assert (await staff.read(f"{EMPLOYEES}/{one['id']}"))["role_ids"] == [role["id"]]


@pytest.mark.feature("S260")
async def test_members_may_be_exchanged_and_get_their_rights_at_once(staff: Asked) -> None:
    out, come = [await new_employee(staff, password=PASSWORD) for _ in range(2)]
    role = await new_role(staff, member_ids=[out["id"]], grants={"reasons.edit": "all"})
    await staff.change(f"{ROLES}/{role['id']}", member_ids=[come["id"]])
    rights = {}
    for person in (out, come):
        found = await exchange(staff, await token_of(staff, person["login"]))
        me = await staff.ask(
            "GET",
            "/api/v1/me",
            asker="nobody",
            headers={"Authorization": f"Bearer {found.json()['access_token']}"},
        )
        rights[person["id"]] = me.json()["grants"]
    assert rights == {out["id"]: {}, come["id"]: {"reasons.edit": "all"}}


async def test_every_member_who_comes_goes_or_gets_other_rights_is_told(staff: Asked) -> None:
    stays, goes, comes = [await new_employee(staff) for _ in range(3)]
    role = await new_role(staff, member_ids=[stays["id"], goes["id"]])
    path = f"{ROLES}/{role['id']}"
    await staff.change(path, member_ids=[stays["id"], comes["id"]])
    await staff.change(path, grants={"leads.take": "own"})
    await staff.change(path, name="Только имя")

    async def takes(person: dict[str, Any]) -> list[bool]:
        return [event["takes_leads"] for event in await staff.events(EmployeeChanged, person["id"])]

    assert await takes(stays) == [False, False, True]
    assert await takes(goes) == [False, False, False]
    assert await takes(comes) == [False, False, True]
    versions = [event["version"] for event in await staff.events(EmployeeChanged, comes["id"])]
    assert versions == [1, 2, 3]
    states = await staff.events(RoleChanged, role["id"])
    assert [state["version"] for state in states] == [1, 2, 3, 4]
    assert states[-1]["name"] == "Только имя"
    assert states[-1]["member_ids"] == sorted([stays["id"], comes["id"]])


async def test_a_head_who_comes_or_goes_is_told(staff: Asked) -> None:
    one, two = await new_employee(staff), await new_employee(staff)
    role = await new_role(staff, head_id=one["id"])
    path = f"{ROLES}/{role['id']}"
    await staff.change(path, head_id=two["id"])
    await staff.change(path, head_id=two["id"], name="Только имя")
    await staff.change(path, head_id=None)
    for person in (one, two):
        events = await staff.events(EmployeeChanged, person["id"])
        assert [event["version"] for event in events] == [1, 2, 3]


@pytest.mark.parametrize("body", [{"member_ids": [NOBODY]}, {"head_id": NOBODY}])
async def test_an_unknown_person_is_400_at_creation_and_later(staff: Asked, body: dict[str, Any]) -> None:
    answer = await staff.ask("POST", ROLES, {"name": "С чужими", **body})
    assert (answer.status_code, answer.json()["title"]) == (400, "employee-unknown")
    role = await new_role(staff)
    answer = await staff.ask("PATCH", f"{ROLES}/{role['id']}", body)
    assert (answer.status_code, answer.json()["title"]) == (400, "employee-unknown")
    assert (await staff.read(f"{ROLES}/{role['id']}"))["version"] == 1


@pytest.mark.parametrize(
    "grants",
    [
        {"leads.fly": "all"},
        {"planes.read": "all"},
        {"leads": "all"},
        {"leads.read": "everything"},
        {"contacts.read": "own"},
        {"employees.edit": "team"},
    ],
    ids=str,
)
async def test_a_right_that_nobody_could_keep_is_refused(staff: Asked, grants: dict[str, str]) -> None:
    answer = await staff.ask("POST", ROLES, {"name": "Странная", "grants": grants})
    assert answer.status_code == 400
    role = await new_role(staff)
    assert (await staff.ask("PATCH", f"{ROLES}/{role['id']}", {"grants": grants})).status_code == 400


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "А", "key": "administrator"}, {"name": "А", "member_ids": None}],
    ids=str,
)
async def test_what_does_not_fit_is_400(staff: Asked, body: dict[str, Any]) -> None:
    assert (await staff.ask("POST", ROLES, body)).status_code == 400


async def test_a_stale_change_shows_the_current_role(staff: Asked) -> None:
    role = await new_role(staff)
    path = f"{ROLES}/{role['id']}"
    current = await staff.change(path, name="Новое")
    answer = await staff.ask("PATCH", path, {"name": "Другое"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["current"] == current


async def test_an_unknown_role_is_404(staff: Asked) -> None:
    assert (await staff.ask("GET", f"{ROLES}/{NOBODY}")).json()["title"] == "role-not-found"
    assert (await staff.ask("PATCH", f"{ROLES}/{NOBODY}", {"name": "А"})).status_code == 404


async def test_changing_people_and_their_roles_at_once_deadlocks_nobody(staff: Asked) -> None:
    people = [await new_employee(staff) for _ in range(4)]
    role = await new_role(staff, member_ids=[one["id"] for one in people])
    wishes = [staff.ask("PATCH", f"{EMPLOYEES}/{one['id']}", {"role_ids": []}) for one in people]
    wishes += [
        staff.ask("PATCH", f"{ROLES}/{role['id']}", {"member_ids": [one["id"] for one in people[:place]]})
        for place in range(4)
    ]
    answers = await asyncio.gather(*wishes)
    assert {answer.status_code for answer in answers} == {200}
    shown = (await staff.read(f"{ROLES}/{role['id']}"))["member_ids"]
    inside = [one["id"] for one in await staff.everything(f"{EMPLOYEES}?role_id={role['id']}")]
    assert sorted(shown) == sorted(inside)


async def test_roles_are_listed_and_found(staff: Asked) -> None:
    role = await new_role(staff, name="Юристы")
    assert [item["id"] for item in (await staff.read(f"{ROLES}?q=юрист"))["items"]] == [role["id"]]
    keys = {item["key"] for item in await staff.everything(f"{ROLES}?key=head,manager")}
    assert keys == {"head", "manager"}
