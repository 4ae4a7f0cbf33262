"""Reading the facts from every database."""

import json
import re
from collections.abc import Mapping
from typing import Any

import asyncpg

from chaos.facts import DeadLetter, Facts, Inquiry, Lead
from chaos.ledger import digest

Versions = dict[tuple[str, str], int]

_INQUIRIES = """
select i.id, i.external_id, i.lead_id, r.text, coalesce(r.rows, 0) as raw_rows,
  (select count(*) from decisions d where d.inquiry_id = i.id) as decisions
from inquiries i
left join (select inquiry_id, min(body ->> 'text') as text, count(*) as rows from raw_inquiries group by 1) r
  on r.inquiry_id = i.id
"""
_LEADS = """
select l.id, l.status, l.version, l.keys, l.inquiries_count,
  (select count(*) from inquiries i where i.lead_id = l.id) as attached
from leads l
"""
_IDENTITIES = "select kind, value, open_lead_id from identities where open_lead_id is not null"
_DEAD = "select queue, reason, body from dead_letters"

_OWNED = {
    "channels": (("channels", "channels"),),
    "contacts": (("contacts", "contacts"),),
    "staff": (("employees", "employees"), ("roles", "roles")),
}
_COPIES = ("channels", "contacts", "employees", "roles")
_KEY = re.compile(rb'"external_id"\s*:\s*"([^"]+)"')


async def read_facts(urls: Mapping[str, str], told: Versions, queues: Mapping[str, int]) -> Facts:
    """Return the facts of a system whose databases are at `urls`, by the units' names.

    `told` is what its events have said, `queues` what lies in the broker.
    """
    owned: Versions = {}
    outbox: dict[str, int] = {}
    dead: list[DeadLetter] = []
    leads: dict[str, Any] = {}
    for unit, url in urls.items():
        connection = await asyncpg.connect(url, timeout=10)
        try:
            outbox[unit] = await connection.fetchval("select count(*) from outbox")
            dead += [_dead_letter(unit, row) for row in await connection.fetch(_DEAD)]
            for owner, table in _OWNED.get(unit, ()):
                owned.update(await _versions(connection, owner, table))
            if unit == "leads":
                leads = await _leads(connection)
        finally:
            await connection.close()
    owned.update({("leads", str(lead.id)): lead.version for lead in leads.get("leads", ())})
    return Facts(**leads, outbox=outbox, owned=owned, told=told, dead=tuple(dead), queues=queues)


async def _versions(connection: asyncpg.Connection, owner: str, table: str) -> Versions:
    rows = await connection.fetch(f'select id, version from "{table}"')  # noqa: S608 - the names stand above
    return {(owner, str(row["id"])): row["version"] for row in rows}


async def _leads(connection: asyncpg.Connection) -> dict[str, Any]:
    copied: Versions = {}
    for owner in _COPIES:
        copied.update(await _versions(connection, owner, f"known_{owner}"))
    identities = await connection.fetch(_IDENTITIES)
    return {
        "inquiries": tuple(map(_inquiry, await connection.fetch(_INQUIRIES))),
        "leads": tuple(map(_lead, await connection.fetch(_LEADS))),
        "identities": {f"{row['kind']}:{row['value']}": row["open_lead_id"] for row in identities},
        "copied": copied,
    }


def _inquiry(row: asyncpg.Record) -> Inquiry:
    text = row["text"]
    return Inquiry(
        id=row["id"],
        key=row["external_id"],
        lead_id=row["lead_id"],
        raw_rows=row["raw_rows"],
        decisions=row["decisions"],
        body_hash=digest(text) if text is not None else "",
    )


def _lead(row: asyncpg.Record) -> Lead:
    return Lead(
        id=row["id"],
        status=row["status"],
        version=row["version"],
        keys=frozenset(row["keys"]),
        counted=row["inquiries_count"],
        attached=row["attached"],
    )


def _dead_letter(unit: str, row: asyncpg.Record) -> DeadLetter:
    return DeadLetter(unit, row["queue"], row["reason"], event_key(row["body"]))


def event_key(body: bytes) -> str:
    """Return the key of the event whose inquiry is in a message; empty when it is another message."""
    found = _KEY.search(body)
    return json.loads(b'"%s"' % found.group(1)) if found else ""
