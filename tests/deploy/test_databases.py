"""Databases of the services: made once, mended at every start, with the rights of two roles."""

import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy import databases
from deploy.databases import ServiceDatabase, database_address, of_service, provision, script


@pytest.fixture
async def item(postgres_url: str) -> AsyncIterator[ServiceDatabase]:
    passwords: dict[str, str] = {}
    made = of_service("leads", passwords, prefix=f"test_{secrets.token_hex(3)}_")
    yield made
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f'drop database if exists "{made.name}" with (force)')
    for role in (made.owner, made.app):
        await connection.execute(f'drop role if exists "{role}"')
    await connection.close()


async def _do(url: str, *statements: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            found = await connection.fetchval(statement)
    finally:
        await connection.close()
    return found


async def test_the_owner_makes_tables_and_the_other_role_works_in_them(
    item: ServiceDatabase, postgres_url: str
) -> None:
    await provision(postgres_url, [item])
    await _do(
        item.owner_url(postgres_url),
        "create extension pg_trgm",
        "create table things (id bigserial, name text)",
    )
    added = "insert into things (name) values ('first') returning id"
    assert await _do(item.url(postgres_url), added, "select count(*) from things") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _do(item.url(postgres_url), "create table other (id int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _do(item.url(postgres_url), "truncate things")


async def test_making_them_again_keeps_the_data_and_sets_the_new_passwords(
    item: ServiceDatabase, postgres_url: str
) -> None:
    await provision(postgres_url, [item])
    await _do(item.owner_url(postgres_url), "create table things (id int)", "insert into things values (7)")
    passwords: dict[str, str] = {}
    again = of_service("leads", passwords, prefix=item.name.removesuffix("voronka_leads"))
    assert again.name == item.name
    await provision(postgres_url, [again])
    assert await _do(again.url(postgres_url), "select id from things") == 7
    with pytest.raises(asyncpg.InvalidPasswordError):
        await _do(item.url(postgres_url), "select 1")


async def test_a_service_cannot_enter_anothers_database(item: ServiceDatabase, postgres_url: str) -> None:
    other = of_service("staff", {}, prefix=item.name.removesuffix("voronka_leads"))
    await provision(postgres_url, [item, other])
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _do(database_address(item.url(postgres_url), other.name), "select 1")
    finally:
        await _do(
            postgres_url,
            f'drop database "{other.name}"',
            f'drop role "{other.owner}"',
            f'drop role "{other.app}"',
        )


async def test_the_script_says_the_same_as_is_done(item: ServiceDatabase, postgres_url: str) -> None:
    before, _, inside = script([item]).partition(f'\\connect "{item.name}"\n')
    for statement in filter(None, before.split(";\n")):
        await _do(postgres_url, statement)
    for statement in filter(None, inside.split(";\n")):
        await _do(database_address(postgres_url, item.name), statement)
    await _do(item.owner_url(postgres_url), "create table things (id int)")
    assert await _do(item.url(postgres_url), "select count(*) from things") == 0


def test_names_and_passwords_are_quoted() -> None:
    item = ServiceDatabase('we"ird', "o'wner", "p'ass", "app", "secret")
    assert list(databases.role_statements(item))[1] == "alter role \"o'wner\" login password 'p''ass'"
    assert databases.create_statement(item) == 'create database "we""ird" owner "o\'wner"'


def test_addresses_keep_host_port_and_options_of_the_server() -> None:
    item = ServiceDatabase("voronka_leads", "leads_owner", "o", "leads_app", "a")
    server = "postgresql://postgres:x@[::1]:5433/postgres?sslmode=require"
    assert item.url(server) == "postgresql://leads_app:a@[::1]:5433/voronka_leads?sslmode=require"
    assert item.owner_url("postgresql://db/postgres") == "postgresql://leads_owner:o@db/voronka_leads"
