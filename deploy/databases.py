"""The databases of the services: one each, with the role that owns it and the role that runs."""

import secrets
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

_DATABASE_PREFIX = "voronka_"


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """Names and passwords of one service's database."""

    name: str
    owner: str
    owner_password: str
    app: str
    app_password: str

    def url(self, server: str) -> str:
        """Return the address for the role that runs, given any address of the server."""
        return _address(server, self.app, self.app_password, self.name)

    def owner_url(self, server: str) -> str:
        """Return the address for the role that migrates."""
        return _address(server, self.owner, self.owner_password, self.name)


def of_service(service: str, passwords: MutableMapping[str, str], *, prefix: str = "") -> ServiceDatabase:
    """Return the service's database; passwords that are not known yet are made and put into `passwords`.

    `prefix` stands before every name, so that tests can share a server.
    """
    owner, app = f"{prefix}{service}_owner", f"{prefix}{service}_app"
    for role in (owner, app):
        passwords.setdefault(role, secrets.token_urlsafe(24))
    return ServiceDatabase(
        name=f"{prefix}{_DATABASE_PREFIX}{service}",
        owner=owner,
        owner_password=passwords[owner],
        app=app,
        app_password=passwords[app],
    )


def role_statements(item: ServiceDatabase) -> Iterator[str]:
    """Yield the statements that make both roles, or give them these passwords when they are there."""
    for role, password in ((item.owner, item.owner_password), (item.app, item.app_password)):
        yield (
            "do $$ begin "
            f"if not exists (select from pg_roles where rolname = {_text(role)}) then create role {_name(role)}; "
            "end if; end $$"
        )
        yield f"alter role {_name(role)} login password {_text(password)}"


def create_statement(item: ServiceDatabase, *, template: str = "") -> str:
    """Return the statement that makes the database."""
    copied = f" template {_name(template)}" if template else ""
    return f"create database {_name(item.name)} owner {_name(item.owner)}{copied}"


def right_statements(item: ServiceDatabase) -> Iterator[str]:
    """Yield the statements, to be run inside the database, that let the owner own it and the other role work."""
    owner, app = _name(item.owner), _name(item.app)
    yield f"alter database {_name(item.name)} owner to {owner}"
    yield f"revoke all on database {_name(item.name)} from public"
    yield f"grant connect on database {_name(item.name)} to {app}"
    yield f"alter schema public owner to {owner}"
    yield "revoke all on schema public from public"
    yield f"grant usage on schema public to {app}"
    defaults = f"alter default privileges for role {owner} in schema public"
    yield f"{defaults} grant select, insert, update, delete on tables to {app}"
    yield f"{defaults} grant usage, select on sequences to {app}"


async def provision(server: str, items: Sequence[ServiceDatabase]) -> None:
    """Make the databases and roles that are missing and set all rights and passwords; safe to repeat.

    `server` is the address of a superuser; asyncpg's errors are raised as they come.
    """
    connection = await asyncpg.connect(server, timeout=10)
    try:
        known = {row["datname"] for row in await connection.fetch("select datname from pg_database")}
        for item in items:
            for statement in role_statements(item):
                await connection.execute(statement)
            if item.name not in known:
                await connection.execute(create_statement(item))
    finally:
        await connection.close()
    for item in items:
        await set_rights(server, item)


async def set_rights(server: str, item: ServiceDatabase) -> None:
    """Set owner and rights in a database that is there."""
    connection = await asyncpg.connect(database_address(server, item.name), timeout=10)
    try:
        for statement in right_statements(item):
            await connection.execute(statement)
    finally:
        await connection.close()


def script(items: Sequence[ServiceDatabase]) -> str:
    """Return everything as one psql script, for a server that is being set up for the first time."""
    lines: list[str] = []
    for item in items:
        lines += [*role_statements(item), create_statement(item)]
        lines.append(f"\\connect {_name(item.name)}")
        lines += right_statements(item)
    return "".join(f"{line}\n" if line.startswith("\\") else f"{line};\n" for line in lines)


def database_address(server: str, database: str) -> str:
    """Return the server's address with another database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


def _address(server: str, user: str, password: str, database: str) -> str:
    parts = urlsplit(server)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}", path=f"/{database}"))


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
