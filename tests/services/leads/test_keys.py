"""Keys in the database of leads: only canonical ones, and shared points that never name a person (B09)."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.contracts.contacts import ContactPoint
from shared.database.canonical_keys import KINDS, key_check
from shared.kernel.canonical import canonical_check
from tests.services.leads.desk import Desk
from tests.shared.kernel.point_table import canonical_keys, refused_keys

INSERT = text("insert into identities (kind, value) values (:kind, :value) on conflict do nothing")
SWITCHBOARD = ContactPoint(id=uuid4(), kind="phone", value="+78120000001", key="78120000001", is_shared=True)


@pytest.mark.feature("B09")
async def test_the_database_takes_every_key_that_the_normaliser_gives(desk: Desk) -> None:
    keys = [*canonical_keys(), ("contact", str(uuid4()))]
    async with desk.running.app.engine.begin() as connection:
        await connection.execute(INSERT, [{"kind": kind, "value": value} for kind, value in keys])
        stored = {
            (kind, value)
            for kind, value in await connection.execute(text("select kind, value from identities"))
        }
    assert set(keys) <= stored


@pytest.mark.feature("B09")
async def test_the_database_refuses_every_other_spelling(desk: Desk) -> None:
    refused = [*refused_keys(), ("contact", str(uuid4()).upper()), ("contact", "1"), ("thread", "1")]
    async with desk.running.app.engine.connect() as connection:
        for kind, value in refused:
            with pytest.raises(IntegrityError, match="ck_identities_canonical"):
                await connection.execute(INSERT, {"kind": kind, "value": value})
            await connection.rollback()
        stored = {
            (kind, value)
            for kind, value in await connection.execute(text("select kind, value from identities"))
        }
    assert stored.isdisjoint(refused)


def test_the_migration_says_what_the_code_says() -> None:
    assert key_check("value", *KINDS) == canonical_check("value", *KINDS)


@pytest.mark.feature("B09")
async def test_who_calls_from_a_switchboard_is_nobody_until_he_leaves_a_point_of_his_own(desk: Desk) -> None:
    own = ContactPoint(id=uuid4(), kind="email", value="anna@romashka.example", key="anna@romashka.example")
    anna = await desk.know("Анна с коммутатора", points=(SWITCHBOARD, own))
    await desk.settled(lambda: _known(desk, anna))
    stranger = await desk.lead_of(await desk.post("8 (812) 000-00-01"))
    assert (stranger["contact_id"], stranger["phones"]) == (None, ["+78120000001"])
    herself = await desk.lead_of(await desk.post("8 (812) 000-00-01", emails=("Anna@romashka.example",)))
    assert (herself["contact_id"], herself["contact_name"]) == (str(anna), "Анна с коммутатора")
    again = await desk.lead_of(await desk.post("8 (812) 000-00-01 доб. 12"))
    assert (again["id"], again["contact_id"]) == (stranger["id"], None)


async def _known(desk: Desk, contact_id: UUID) -> bool:
    async with desk.running.app.engine.connect() as connection:
        statement = text("select 1 from known_points where contact_id = :contact and shared")
        return (await connection.execute(statement, {"contact": contact_id})).first() is not None
