"""Editing employees is no way to other people's rights: by rule, and over HTTP (S261, S263)."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from services.staff.domain.authority import require_to_change, require_to_put_into_roles
from services.staff.domain.errors import HigherRightsError, RolesRightNeededError
from services.staff.domain.grants import DEFAULT, Grants, covers, union
from tests.services.asking import Asked
from tests.services.staff.people import EMPLOYEES, PASSWORD, built_in, log_in, new_employee

CLERK: Grants = {"employees.read": "all", "employees.edit": "all"}


async def as_clerk(staff: Asked, method: str, path: str, body: dict[str, Any]) -> httpx2.Response:
    """Ask as somebody who may edit employees and nothing more."""
    headers = staff.keys.employee(uuid4(), grants=dict(CLERK))
    return await staff.ask(method, path, body, asker="nobody", headers=headers)


@pytest.mark.parametrize(
    ("mine", "theirs", "enough"),
    [
        ({}, {}, True),
        ({"leads.read": "all"}, {"leads.read": "team"}, True),
        ({"leads.read": "team"}, {"leads.read": "team"}, True),
        ({"leads.read": "own"}, {"leads.read": "team"}, False),
        ({"leads.read": "all"}, {"leads.take": "own"}, False),
        (CLERK, DEFAULT["administrator"][1], False),
        (DEFAULT["administrator"][1], DEFAULT["head"][1], True),
    ],
)
def test_rights_cover_others_when_each_is_there_as_widely(mine: Grants, theirs: Grants, enough: bool) -> None:  # noqa: FBT001 - a cell of the table
    assert covers(mine, theirs) is enough


def test_rights_together_are_the_widest_of_each() -> None:
    one: Grants = {"leads.read": "team", "leads.take": "own"}
    other: Grants = {"leads.read": "own", "contacts.read": "all"}
    assert union([one, other]) == {"leads.read": "team", "leads.take": "own", "contacts.read": "all"}


@pytest.mark.parametrize("field", ["login", "email", "password", "is_active"])
def test_what_lets_somebody_in_is_set_only_by_who_may_as_much(field: str) -> None:
    with pytest.raises(HigherRightsError):
        require_to_change(CLERK, DEFAULT["manager"][1], {field, "name"})
    require_to_change(CLERK, CLERK, {field})
    require_to_change(CLERK, DEFAULT["manager"][1], {"name", "phone", "language"})


def test_only_who_edits_roles_puts_people_into_them() -> None:
    with pytest.raises(RolesRightNeededError):
        require_to_put_into_roles(CLERK)
    require_to_put_into_roles({"roles.edit": "all"})


@pytest.mark.feature("S261")
async def test_nobody_makes_himself_or_a_new_one_an_administrator_without_the_right_to_roles(
    staff: Asked,
) -> None:
    role = await built_in(staff, "administrator")
    himself = await new_employee(staff)
    body = {"role_ids": [role["id"]]}
    new = {"login": f"friend-{himself['login']}", "name": "А", "password": PASSWORD}
    answers = [
        await as_clerk(staff, "PATCH", f"{EMPLOYEES}/{himself['id']}", body),
        await as_clerk(staff, "POST", EMPLOYEES, new | body),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["title"]) == (403, "forbidden")
        assert "роли" in answer.json()["detail"]
    assert himself["id"] not in (await built_in(staff, "administrator"))["member_ids"]
    assert (await as_clerk(staff, "POST", EMPLOYEES, new)).status_code == 201


@pytest.mark.feature("S261")
@pytest.mark.parametrize(
    "body", [{"password": "taken-over-1"}, {"email": "mine@example.com"}, {"is_active": False}], ids=str
)
async def test_nobody_takes_over_or_locks_out_who_has_more_rights(staff: Asked, body: dict[str, Any]) -> None:
    role = await built_in(staff, "administrator")
    boss = await new_employee(staff, password=PASSWORD, role_ids=[role["id"]])
    path = f"{EMPLOYEES}/{boss['id']}"
    answer = await as_clerk(staff, "PATCH", path, body)
    assert (answer.status_code, answer.json()["title"]) == (403, "forbidden")
    assert await staff.read(path) == boss
    assert (await log_in(staff, boss["login"])).status_code == 201
    plain = await new_employee(staff)
    assert (await as_clerk(staff, "PATCH", f"{EMPLOYEES}/{plain['id']}", body)).status_code == 200
    await staff.change(f"{EMPLOYEES}/{plain['id']}", email="")


async def test_the_form_sent_back_with_another_phone_is_no_take_over(staff: Asked) -> None:
    role = await built_in(staff, "administrator")
    boss = await new_employee(staff, role_ids=[role["id"]], email="boss@example.com")
    body = {"email": "boss@example.com", "is_active": True, "phone": "+79214471863"}
    answer = await as_clerk(staff, "PATCH", f"{EMPLOYEES}/{UUID(boss['id'])}", body)
    assert (answer.status_code, answer.json()["phone"]) == (200, "+79214471863")
