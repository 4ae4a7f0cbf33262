"""Rows as the first revisions held them, put in by the role that runs, and what databases look like."""

from typing import Any

import asyncpg

LEAD, OTHER = "0190b1a0-0000-7000-8000-000000000001", "0190b1a0-0000-7000-8000-000000000002"
CONTACT = "0190b1a0-0000-7000-8000-000000000003"
POINT = "0190b1a0-0000-7000-8000-000000000004"
INQUIRY, ASTRAY = "0190b1a0-0000-7000-8000-000000000005", "0190b1a0-0000-7000-8000-000000000006"

DEAD_LETTERS = """
insert into dead_letters (queue, topic, message_id, reason, attempts, history, body) values
    ('u.q', 'a.b', gen_random_uuid(), 'no sense', 5, '{"headers": {"x-a": 1}, "deaths": [{}]}', 'one'),
    ('u.q', '', null, 'torn', 0, '{}', 'two')
"""
_A_CONTACT = f"""
insert into contacts (id, version, name, spam, search, created_at, updated_at)
values ('{CONTACT}', 1, 'Анна', false, 'анна', now(), now())
"""  # noqa: S608 - our own constants
_A_POINT = """
insert into points (id, contact_id, kind, value, key, position, is_main, is_shared, comment)
values (coalesce($5::uuid, gen_random_uuid()), $1::uuid, $2, $3, $3, $4, false, false, '')
"""
POINTS = (
    ("phone", "79210000001"),
    ("phone", "89210000002"),
    ("email", "a.b+news@ya.ru"),
    ("email", "a-b@yandex.com"),
    ("email", "i.van_ov@pm.me"),
    ("vk", "id0123"),
    ("vk", "club45"),
    ("telegram", "durov"),
)
FOLDED = {
    ("phone", "79210000001"),
    ("phone", "79210000002"),
    ("email", "a-b@yandex.ru"),
    ("email", "ivanov@proton.me"),
    ("vk", "123"),
    ("vk", "-45"),
    ("telegram", "durov"),
}
MARKED = "a-b@yandex.com"
UNREADABLE = ("telegram", "a.b")
_IDENTITIES = "insert into identities (kind, value, open_lead_id, spam) values ($1, $2, $3::uuid, $4)"
_A_LEAD = """
insert into leads (id, status, kind, channel_id, name, keys, created_at, last_inquiry_at)
values ($1::uuid, 'new', 'form', gen_random_uuid(), 'Анна', $2, now(), now())
"""
_RAW = "insert into raw_inquiries (inquiry_id, received_at, content_type, body) values ($1::uuid, $2::text::timestamptz, 'x/y', '{}')"
_KNOWN_POINT = "insert into known_points (kind, value, contact_id, shared) values ($1, $2, $3::uuid, $4)"

_COLUMNS = """
select table_name, column_name, udt_name, is_nullable, column_default, is_identity from information_schema.columns
where table_schema = 'public' and table_name <> 'alembic_version' and table_name not like 'raw_inquiries_%'
"""
_INDEXES = """
select tablename, indexdef from pg_indexes
where schemaname = 'public' and tablename <> 'alembic_version' and tablename not like 'raw_inquiries_%'
"""
_CONSTRAINTS = """
select conrelid::regclass::text as on_table, conname, pg_get_constraintdef(oid) from pg_constraint
where connamespace = 'public'::regnamespace and conrelid <> 0
    and conrelid::regclass::text <> 'alembic_version' and conrelid::regclass::text not like 'raw_inquiries_%'
"""


async def fill_contacts(connection: asyncpg.Connection, *more: tuple[str, str]) -> None:
    """Put in a contact with points of all kinds, some of them no longer canonical."""
    await connection.execute(_A_CONTACT)
    for place, (kind, key) in enumerate((*POINTS, *more)):
        await connection.execute(_A_POINT, CONTACT, kind, key, place, None if place else POINT)


async def fill_leads(connection: asyncpg.Connection) -> None:
    """Put in two leads, their keys, what is known of a contact, and a raw inquiry now and one of long ago."""
    await connection.execute(_A_LEAD, LEAD, [f"{kind}:{key}" for kind, key in (*POINTS, UNREADABLE)])
    await connection.execute(_A_LEAD, OTHER, ["phone:79210000009"])
    for kind, key in (*POINTS, UNREADABLE):
        await connection.execute(_IDENTITIES, kind, key, LEAD, key == MARKED)
        await connection.execute(_KNOWN_POINT, kind, key, CONTACT, key == MARKED)
    more = (
        ("contact", CONTACT, None, False),
        ("phone", "79210000009", OTHER, False),
        ("phone", "89210000009", None, True),
    )
    await connection.executemany(_IDENTITIES, more)
    await connection.execute("select make_raw_partitions(3)")
    for inquiry, moment in ((INQUIRY, "now"), (ASTRAY, "2001-02-03")):
        await connection.execute(_RAW, inquiry, moment)


async def shape(url: str) -> dict[str, set[tuple[Any, ...]]]:
    """Return the columns, indexes and constraints of a database; partitions come and go."""
    connection = await asyncpg.connect(url)
    try:
        asked = {"columns": _COLUMNS, "indexes": _INDEXES, "constraints": _CONSTRAINTS}
        return {name: {tuple(row) for row in await connection.fetch(sql)} for name, sql in asked.items()}
    finally:
        await connection.close()
