"""Contacts: people with points to reach them by, one canonical key for each, told with their whole state."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from shared.contracts.contacts import ContactChanged
from tests.services.asking import Asked

CONTACTS = "/api/v1/contacts"
NOBODY = "0190a1b2-0000-7000-8000-000000000001"


def phone(value: str, **more: Any) -> dict[str, Any]:
    """Return a phone as somebody types it."""
    return {"kind": "phone", "value": value, **more}


def email(value: str, **more: Any) -> dict[str, Any]:
    """Return an address as somebody types it."""
    return {"kind": "email", "value": value, **more}


@pytest.mark.feature("S091")
async def test_a_contact_always_has_a_name(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="  Фёдор Ёлкин ")
    assert (found["name"], found["points"], found["spam"], found["version"]) == ("Фёдор Ёлкин", [], False, 1)
    assert found["number"] > 0
    for name in ("", "  ", None, "а\x00б", "а" * 301):
        assert (await contacts.ask("POST", CONTACTS, {"name": name})).status_code == 400
    assert (await contacts.ask("POST", CONTACTS, {})).status_code == 400
    assert (await contacts.ask("PATCH", f"{CONTACTS}/{found['id']}", {"name": " "})).status_code == 400
    assert await contacts.read(f"{CONTACTS}/{found['id']}") == found


@pytest.mark.feature("S120")
async def test_points_are_kept_in_canonical_form(contacts: Asked) -> None:
    found = await contacts.create(
        CONTACTS,
        name="Анна",
        points=[
            phone("8 (921) 447-18-63 доб. 12"),
            email("Anna.Smirnova+shop@Gmail.com"),
            {"kind": "vk", "value": "https://vk.com/id77"},
            {"kind": "telegram", "value": "@Anna_S"},
        ],
    )
    assert [(item["value"], item["key"]) for item in found["points"]] == [
        ("+79214471863;ext=12", "79214471863"),
        ("Anna.Smirnova+shop@gmail.com", "annasmirnova@gmail.com"),
        ("77", "77"),
        ("anna_s", "anna_s"),
    ]


async def test_what_was_read_can_be_written_back_unchanged(contacts: Asked) -> None:
    found = await contacts.create(
        CONTACTS, name="Анна", points=[phone("8 495 123-45-67 доб. 101", comment="офис"), email("a@ya.ru")]
    )
    changed = await contacts.change(f"{CONTACTS}/{found['id']}", points=found["points"])
    assert changed["points"] == found["points"]


async def test_one_phone_and_one_e_mail_are_the_main_ones(contacts: Asked) -> None:
    found = await contacts.create(
        CONTACTS,
        name="Анна",
        points=[
            phone("+79210000001"),
            phone("+79210000002", is_main=True),
            phone("+79210000003", is_main=True),
            email("a@example.com"),
            email("b@example.com"),
        ],
    )
    assert [item["is_main"] for item in found["points"]] == [False, True, False, True, False]


async def test_points_are_added_commented_and_taken_away(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Анна", points=[phone("+79210000011")])
    path = f"{CONTACTS}/{found['id']}"
    more = await contacts.change(
        path,
        points=[
            *found["points"],
            phone("+79210000012", comment="жена"),
            email("x@example.com", comment="личная"),
        ],
    )
    assert [item["comment"] for item in more["points"]] == ["", "жена", "личная"]
    assert more["points"][0] == found["points"][0]
    less = await contacts.change(path, points=more["points"][1:2])
    assert [item["value"] for item in less["points"]] == ["+79210000012"]
    assert less["points"][0]["id"] == more["points"][1]["id"]
    assert (await contacts.change(path, points=[]))["points"] == []


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ([phone("звоните вечером")], "points.0.value"),
        ([phone("+79210000001"), email("нет адреса")], "points.1.value"),
        ([phone("+79210000001"), phone("8 921 000-00-01")], "points.1.value"),
        ([email("a@ya.ru"), email("A+1@yandex.ru")], "points.1.value"),
    ],
)
async def test_a_point_that_cannot_be_or_is_there_twice_is_400_with_its_place(
    contacts: Asked, points: list[dict[str, Any]], field: str
) -> None:
    answer = await contacts.ask("POST", CONTACTS, {"name": "Анна", "points": points})
    assert answer.status_code == 400
    assert answer.json()["title"] in {"point-unreadable", "point-twice"}
    assert answer.json()["errors"] == [{"field": field}]


@pytest.mark.parametrize(
    "body",
    [
        {"points": [{"kind": "fax", "value": "1"}]},
        {"points": [{"kind": "phone"}]},
        {"points": [phone("\x00")]},
        {"points": [phone("+79210000001", comment="\x00")]},
        {"points": [phone(f"+7921{n:07}") for n in range(101)]},
        {"points": {}},
        {"responsible_id": "me"},
        {"spam": None},
        {"number": 5},
        {"version": 5},
        {"id": NOBODY},
    ],
    ids=lambda body: str(body)[:50],
)
async def test_what_does_not_fit_is_400(contacts: Asked, body: dict[str, Any]) -> None:
    assert (await contacts.ask("POST", CONTACTS, {"name": "Анна", **body})).status_code == 400


async def test_a_lone_surrogate_is_400(contacts: Asked) -> None:
    answer = await contacts.client.post(
        CONTACTS,
        content=b'{"name": "\\ud800"}',
        headers={**contacts.headers("administrator"), "content-type": "application/json"},
    )
    assert answer.status_code == 400


async def test_a_key_is_unique_for_each_contact_and_the_database_says_so(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Анна", points=[phone("+79210000021")])
    insert = """
    insert into points (id, contact_id, kind, value, key, position, is_main, is_shared, comment)
    values ($1, $2, $3, $4, $5, 1, false, false, '')
    """
    with pytest.raises(asyncpg.UniqueViolationError):
        await contacts.rows(insert, uuid4(), found["id"], "phone", "+79210000021", "79210000021")
    await contacts.rows(insert, uuid4(), found["id"], "telegram", "79210000021", "79210000021")


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("phone", "+79210000022"),
        ("phone", "12345"),
        ("email", "Anna@ya.ru"),
        ("email", "anna"),
        ("vk", "Durov"),
    ],
)
async def test_the_database_takes_no_key_that_is_not_canonical(contacts: Asked, kind: str, key: str) -> None:
    found = await contacts.create(CONTACTS, name="Анна")
    insert = """
    insert into points (id, contact_id, kind, value, key, position, is_main, is_shared, comment)
    values ($1, $2, $3, 'x', $4, 1, false, false, '')
    """
    with pytest.raises(asyncpg.CheckViolationError):
        await contacts.rows(insert, uuid4(), found["id"], kind, key)


async def test_two_contacts_may_share_a_key(contacts: Asked) -> None:
    one = await contacts.create(CONTACTS, name="Анна", points=[phone("+79210000031", is_shared=True)])
    two = await contacts.create(CONTACTS, name="Пётр", points=[phone("8 921 000-00-31")])
    assert one["points"][0]["is_shared"] is True
    assert one["points"][0]["key"] == two["points"][0]["key"]
    found = await contacts.everything(f"{CONTACTS}?phone=9210000031")
    assert {item["id"] for item in found} == {one["id"], two["id"]}


async def test_a_caller_can_be_marked_as_spam_and_pardoned(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Робот", points=[phone("+79210000041")])
    path = f"{CONTACTS}/{found['id']}"
    assert (await contacts.change(path, spam=True))["spam"] is True
    marked = await contacts.everything(f"{CONTACTS}?spam=true")
    assert [item["id"] for item in marked] == [found["id"]]
    assert (await contacts.change(path, spam=False))["spam"] is False
    events = await contacts.events(ContactChanged, found["id"])
    assert [(event["version"], event["spam"]) for event in events] == [(1, False), (2, True), (3, False)]


async def test_every_event_carries_the_whole_state_and_its_version(contacts: Asked) -> None:
    who = str(uuid4())
    found = await contacts.create(CONTACTS, name="Анна", points=[phone("+79210000051")], responsible_id=who)
    changed = await contacts.change(f"{CONTACTS}/{found['id']}", name="Анна П.", responsible_id=None)
    first, second = await contacts.events(ContactChanged, found["id"])
    assert set(first) == set(ContactChanged.model_fields)
    assert (first["contact_id"], first["version"], first["number"]) == (found["id"], 1, found["number"])
    assert (first["name"], first["responsible_id"], first["deleted"]) == ("Анна", who, False)
    assert (second["name"], second["responsible_id"], second["version"]) == ("Анна П.", None, 2)
    shown = [{name: item[name] for name in first["points"][0]} for item in changed["points"]]
    assert first["points"] == second["points"] == shown


async def test_a_change_needs_the_version_that_was_seen(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Анна")
    path = f"{CONTACTS}/{found['id']}"
    assert (await contacts.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": ""})).status_code == 428
    seen = await contacts.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": '"1"'})
    assert (seen.status_code, seen.headers["etag"]) == (200, '"2"')
    stale = await contacts.ask("PATCH", path, {"name": "В"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, seen.json())
    assert len(await contacts.events(ContactChanged, found["id"])) == 2


async def test_of_many_changes_of_one_version_one_wins(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Анна")
    path = f"{CONTACTS}/{found['id']}"
    answers = await asyncio.gather(
        *(
            contacts.ask("PATCH", path, {"points": [phone(f"+7921000006{n}")]}, headers={"If-Match": '"1"'})
            for n in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 9]
    assert len((await contacts.read(path))["points"]) == 1


async def test_an_unknown_contact_is_404(contacts: Asked) -> None:
    assert (await contacts.ask("GET", f"{CONTACTS}/{NOBODY}")).json()["title"] == "contact-not-found"
    assert (await contacts.ask("PATCH", f"{CONTACTS}/{NOBODY}", {"name": "Б"})).status_code == 404
