"""Finding contacts: by parts of the name, of the phone, of the address, by number, by filters, page by page."""

from uuid import uuid4

import asyncpg
import pytest

from tests.services.asking import Asked

CONTACTS = "/api/v1/contacts"
RESPONSIBLE = str(uuid4())


@pytest.fixture(scope="module")
async def people(contacts: Asked) -> dict[str, str]:
    """Return the ids of some contacts by a short name."""
    made = {
        "fedor": await contacts.create(
            CONTACTS,
            name="Фёдор Ёлкин",
            points=[{"kind": "phone", "value": "8 (921) 447-18-63 доб. 12"}],
            responsible_id=RESPONSIBLE,
        ),
        "anna": await contacts.create(
            CONTACTS,
            name="Анна Мария Петрова",
            points=[
                {"kind": "email", "value": "Anna.Petrova@ya.ru"},
                {"kind": "telegram", "value": "@anna_p"},
            ],
        ),
        "firm": await contacts.create(
            CONTACTS, name="ООО «Ёлки-палки» 100%", points=[{"kind": "phone", "value": "8 800 555-35-35"}]
        ),
    }
    return {name: found["id"] for name, found in made.items()}


async def found_by(contacts: Asked, people: dict[str, str], query: str) -> set[str]:
    """Return the short names of whom a query finds."""
    names = {one: name for name, one in people.items()}
    return {names[item["id"]] for item in await contacts.everything(f"{CONTACTS}?{query}")}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("Фёдор", {"fedor"}),
        ("федор", {"fedor"}),
        ("ФЕДОР ЁЛКИН", {"fedor"}),
        ("ёлк", {"fedor", "firm"}),
        ("елк", {"fedor", "firm"}),
        ("Елкин Фёдор", {"fedor"}),
        ("петрова анна", {"anna"}),
        ("Aнна", {"anna"}),
        ("447-18", {"fedor"}),
        ("4471863", {"fedor"}),
        ("921 447", {"fedor"}),
        ("+7 921", {"fedor"}),
        ("8 921 447-18-63", {"fedor"}),
        ("8921", {"fedor"}),
        ("(921) 447", {"fedor"}),
        ("8 800 555", {"firm"}),
        ("5553535", {"firm"}),
        ("anna.petrova@ya.ru", {"anna"}),
        ("anna-petrova@yandex.ru", {"anna"}),
        ("petrova@", {"anna"}),
        ("anna_p", {"anna"}),
        ("100%", {"firm"}),
        ("%", {"firm"}),
        ("_", {"anna"}),
        ("«елки", {"firm"}),
        ("иванов", set()),
        ("0000000", set()),
        ("'; drop table contacts; --", set()),
    ],
)
async def test_a_part_of_name_phone_or_address_finds_the_contact(
    contacts: Asked, people: dict[str, str], q: str, expected: set[str]
) -> None:
    encoded = q.replace("%", "%25").replace("+", "%2B").replace("#", "%23").replace("&", "%26")
    assert await found_by(contacts, people, f"q={encoded}") == expected


@pytest.mark.parametrize("sign", ["№", "№ ", "%23"])
async def test_a_number_finds_the_contact(contacts: Asked, people: dict[str, str], sign: str) -> None:
    number = (await contacts.read(f"{CONTACTS}/{people['anna']}"))["number"]
    assert await found_by(contacts, people, f"q={sign}{number}") == {"anna"}
    assert await found_by(contacts, people, f"number={number}") == {"anna"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("phone=8-921-447-18-63", {"fedor"}),
        ("phone=%2B79214471863", {"fedor"}),
        ("phone=89214471863,88005553535", {"fedor", "firm"}),
        ("phone=что-то", set()),
        ("email=anna-petrova%2Bx@ya.ru", {"anna"}),
        (f"responsible_id={RESPONSIBLE}", {"fedor"}),
        ("spam=false", {"fedor", "anna", "firm"}),
        ("spam=true", set()),
    ],
)
async def test_filters_take_any_spelling(
    contacts: Asked, people: dict[str, str], query: str, expected: set[str]
) -> None:
    assert await found_by(contacts, people, query) == expected


@pytest.mark.parametrize(
    "query",
    ["spam=maybe", "number=x", f"number={2**70}", "q=№" + "9" * 30, "responsible_id=1", "name=Анна", "q=%00"],
)
async def test_a_question_that_makes_no_sense_is_400(contacts: Asked, query: str) -> None:
    assert (await contacts.ask("GET", f"{CONTACTS}?{query}")).status_code == 400


async def test_a_changed_name_or_phone_is_found_and_the_old_one_is_not(contacts: Asked) -> None:
    found = await contacts.create(
        CONTACTS, name="Старое Имя", points=[{"kind": "phone", "value": "+79991112233"}]
    )
    await contacts.change(
        f"{CONTACTS}/{found['id']}", name="Новое Имя", points=[{"kind": "phone", "value": "+79994445566"}]
    )
    for q, count in (("старое", 0), ("1112233", 0), ("новое", 1), ("4445566", 1)):
        assert len(await contacts.everything(f"{CONTACTS}?q={q}")) == count
    await contacts.change(f"{CONTACTS}/{found['id']}", name="Прочее", points=[])


@pytest.mark.parametrize("sort", ["name", "-name", "number", "-number", "created_at", "-updated_at"])
async def test_any_order_can_be_paged(contacts: Asked, people: dict[str, str], sort: str) -> None:
    whole = [item["id"] for item in (await contacts.read(f"{CONTACTS}?sort={sort}&limit=200"))["items"]]
    paged = [item["id"] for item in await contacts.everything(f"{CONTACTS}?sort={sort}", limit=2)]
    assert paged == whole
    assert set(people.values()) <= set(paged)


async def test_the_search_is_served_by_its_index(contacts: Asked) -> None:
    connection = await asyncpg.connect(contacts.database_url)
    try:
        await connection.execute("set enable_seqscan = off")
        plan = await connection.fetch("explain select id from contacts where search like '%петров%'")
    finally:
        await connection.close()
    assert any("ix_contacts_search" in row[0] for row in plan)
