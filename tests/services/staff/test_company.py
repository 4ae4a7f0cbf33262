"""The company's settings: one record with a version, told whenever it changes (S266)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.staff import CompanyChanged
from tests.services.asking import Asked

COMPANY = "/api/v1/company"


async def test_until_somebody_sets_them_there_are_defaults(staff: Asked) -> None:
    answer = await staff.ask("GET", COMPANY)
    assert answer.headers["etag"] == '"0"'
    assert answer.json() == {
        "name": "Компания",
        "time_zone": "Europe/Moscow",
        "currency": "RUB",
        "mode": "classic",
        "version": 0,
    }


async def test_a_change_is_stored_versioned_and_told(staff: Asked) -> None:
    before = await staff.read(COMPANY)
    found = await staff.change(COMPANY, name="ООО «Ромашка»", time_zone="Asia/Omsk")
    assert found == {
        **before,
        "name": "ООО «Ромашка»",
        "time_zone": "Asia/Omsk",
        "version": before["version"] + 1,
    }
    assert await staff.read(COMPANY) == found
    assert (await staff.events(CompanyChanged, UUID(int=1)))[-1] == found


async def test_a_stale_change_is_412_with_the_current_state(staff: Asked) -> None:
    found = await staff.change(COMPANY, mode="simple")
    answer = await staff.ask("PATCH", COMPANY, {"mode": "classic"}, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["current"]) == (412, found)


async def test_changes_at_once_get_different_versions(staff: Asked) -> None:
    answers = await asyncio.gather(*(staff.ask("PATCH", COMPANY, {"name": f"Фирма {n}"}) for n in range(8)))
    versions = sorted(answer.json()["version"] for answer in answers)
    assert versions == list(range(versions[0], versions[0] + 8))


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Moscow"},
        {"time_zone": "Europe/Moscow\x00"},
        {"time_zone": "../etc/passwd"},
        {"currency": "руб"},
        {"mode": "none"},
        {"name": ""},
        {"name": None},
        {"version": 9},
    ],
    ids=str,
)
async def test_what_does_not_fit_is_400(staff: Asked, body: dict[str, Any]) -> None:
    assert (await staff.ask("PATCH", COMPANY, body)).status_code == 400
