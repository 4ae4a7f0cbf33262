"""The database of contacts beside the normaliser: it takes every canonical key, once for each contact, and no other."""

from uuid import uuid4

import asyncpg
import pytest

from shared.contracts.contacts import ContactChanged
from shared.database.canonical_keys import key_check
from shared.kernel.canonical import canonical_check
from tests.services.asking import Asked
from tests.shared.kernel.point_table import canonical_keys, refused_keys

CONTACTS = "/api/v1/contacts"
INSERT = """
insert into points (id, contact_id, kind, value, key, position, is_main, is_shared, comment)
values ($1, $2, $3, 'x', $4, 1, false, false, '')
"""


@pytest.mark.feature("B09")
async def test_the_database_takes_every_key_that_the_normaliser_gives(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Все")
    keys = canonical_keys()
    statement = """
    insert into points (id, contact_id, kind, value, key, position, is_main, is_shared, comment)
    select gen_random_uuid(), $1, k, 'x', v, 1, false, false, '' from unnest($2::text[], $3::text[]) as t(k, v)
    """
    await contacts.rows(statement, found["id"], [kind for kind, _ in keys], [key for _, key in keys])
    assert len((await contacts.read(f"{CONTACTS}/{found['id']}"))["points"]) == len(keys) > 100


@pytest.mark.feature("B09")
async def test_the_database_refuses_every_other_spelling(contacts: Asked) -> None:
    found = await contacts.create(CONTACTS, name="Никто")
    connection = await asyncpg.connect(contacts.database_url)
    try:
        for kind, key in refused_keys():
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(INSERT, uuid4(), found["id"], kind, key)
    finally:
        await connection.close()
    assert (await contacts.read(f"{CONTACTS}/{found['id']}"))["points"] == []


@pytest.mark.feature("B09")
async def test_one_contact_has_a_key_once_and_another_may_have_it_too(contacts: Asked) -> None:
    one, two = [await contacts.create(CONTACTS, name=name) for name in ("Анна", "Пётр")]
    await contacts.rows(INSERT, uuid4(), one["id"], "phone", "79210000071")
    await contacts.rows(INSERT, uuid4(), two["id"], "phone", "79210000071")
    with pytest.raises(asyncpg.UniqueViolationError):
        await contacts.rows(INSERT, uuid4(), one["id"], "phone", "79210000071")


def test_the_migration_says_what_the_code_says() -> None:
    kinds = ("phone", "email", "vk", "telegram")
    assert key_check("key", *kinds) == canonical_check("key", *kinds)


@pytest.mark.feature("B09")
async def test_a_point_is_marked_as_shared_and_unmarked_and_the_others_hear_of_it(contacts: Asked) -> None:
    info = {"kind": "email", "value": "info@romashka.example", "is_shared": True}
    found = await contacts.create(CONTACTS, name="Анна", points=[info])
    path = f"{CONTACTS}/{found['id']}"
    own = await contacts.change(path, points=[{**info, "is_shared": False}])
    again = await contacts.change(path, points=[info])
    assert [item["points"][0]["is_shared"] for item in (found, own, again)] == [True, False, True]
    assert {item["points"][0]["id"] for item in (found, own, again)} == {found["points"][0]["id"]}
    events = await contacts.events(ContactChanged, found["id"])
    assert [event["points"][0]["is_shared"] for event in events] == [True, False, True]
