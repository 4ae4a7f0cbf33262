"""The database of leads for a run: fresh, migrated, with its hundred thousand contacts."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from bench.backlog import CHANNEL, FIRST_KNOWN
from deploy import databases
from services.leads.service import SERVICE
from shared.database.migrations import migrate

ROLE = UUID("5b0d3c1e-8a40-4bb0-8df2-5c7f3a0e9b01")
_EMPLOYEES = 20
_PREFIX = "bench_"


@dataclass(frozen=True, slots=True)
class Database:
    """Addresses of the database."""

    url: str
    owner_url: str


async def fresh(postgres_url: str, *, contacts: int) -> Database:
    """Make the database anew and fill in what leads knows of the others."""
    item = databases.of_service("leads", {}, prefix=_PREFIX)
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(f'drop database if exists "{item.name}" with (force)')
    finally:
        await connection.close()
    await databases.provision(postgres_url, [item])
    if SERVICE.database is None:
        raise RuntimeError("leads has no database")
    await migrate(item.owner_url(postgres_url), SERVICE.database.versions, SERVICE.database.metadata)
    found = Database(item.url(postgres_url), item.owner_url(postgres_url))
    await _fill(found, contacts)
    return found


async def _fill(database: Database, contacts: int) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(
            "insert into known_employees (id, version, name, is_active, takes_leads) "
            "select gen_random_uuid(), 1, 'Сотрудник ' || n, true, true from generate_series(1, $1::int) n",
            _EMPLOYEES,
        )
        await connection.execute(
            "insert into known_roles (id, version, name, member_ids) "
            "select $1, 1, 'Розница', array_agg(id) from known_employees",
            ROLE,
        )
        await connection.execute(
            "insert into known_channels (id, version, name, kind, provider, lead_source, responsible_type, "
            "responsible_id, strategy, sticky, repeat, reason_required) "
            "values ($1, 1, 'Сайт', 'form', 'generic', true, 'role', $2, 'round_robin', false, 'attach', false)",
            CHANNEL,
            ROLE,
        )
        await connection.execute(
            "insert into known_contacts (id, version, name) "
            "select md5('contact' || n)::uuid, 1, 'Контакт ' || n from generate_series(0, $1::int - 1) n",
            contacts,
        )
        await connection.execute(
            "insert into known_points (kind, value, contact_id) "
            "select 'phone', ($2::bigint + n)::text, md5('contact' || n)::uuid from generate_series(0, $1::int - 1) n",
            contacts,
            FIRST_KNOWN,
        )
        await connection.execute("vacuum analyze known_points")
        await connection.execute("vacuum analyze known_contacts")
    finally:
        await connection.close()
