"""Leads in PostgreSQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.tables import history, identities, leads
from services.leads.domain.errors import LeadMissingError
from services.leads.domain.inquiry import Key
from services.leads.domain.lead import OPEN, Actor, Entry, Lead
from services.leads.domain.snapshot import Responsible

_SAVED = (
    "version",
    "status",
    "claimed_at",
    "closed_at",
    "first_response_at",
    "pool_role_id",
    "rejection_comment",
    "rejection_reason_id",
    "unread_count",
    "waiting_since",
)


class SqlLeadRepository:
    """Stores leads through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def get(self, lead_id: UUID) -> Lead:
        """Return the lead, locked for this transaction; LeadMissingError if there is none."""
        return await self._one(lead_id, lock=True)

    async def peek(self, lead_id: UUID) -> Lead:
        """Return the lead without locking it; LeadMissingError if there is none."""
        return await self._one(lead_id, lock=False)

    async def _one(self, lead_id: UUID, *, lock: bool) -> Lead:
        statement = select(leads).where(leads.c.id == lead_id)
        row = (
            (await self._connection.execute(statement.with_for_update() if lock else statement))
            .mappings()
            .first()
        )
        if row is None:
            raise LeadMissingError
        return to_lead(row)

    async def save(self, lead: Lead, entry: Entry | None) -> None:
        """Store a changed lead and a line of its history."""
        values: dict[str, Any] = {name: getattr(lead, name) for name in _SAVED}
        values["responsible_type"] = lead.responsible.type if lead.responsible else None
        values["responsible_id"] = lead.responsible.id if lead.responsible else None
        values["updated_at"] = self._now
        await self._connection.execute(update(leads).where(leads.c.id == lead.id).values(**values))
        if entry is not None:
            await self._connection.execute(history.insert().values(**_entry_row(lead.id, entry)))

    async def last_entry(self, lead_id: UUID) -> Entry | None:
        """Return the latest line of the lead's history; None when nobody has done anything with it."""
        statement = select(history).where(history.c.lead_id == lead_id).order_by(history.c.id.desc()).limit(1)
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            return None
        actor = Actor(row["actor_id"], row["actor_name"])
        return Entry(row["kind"], row["at"], actor, row["reason"], row["data"])

    async def lock_keys(self, keys: Iterable[Key]) -> dict[Key, UUID | None]:
        """Lock the rows of the keys, contact keys last as intake does, and return the lead that holds each."""
        held: dict[Key, UUID | None] = {}
        for contacts in (False, True):
            part = sorted(key for key in keys if (key.kind == "contact") == contacts)
            if not part:
                continue
            rows = [{"kind": key.kind, "value": key.value} for key in part]
            await self._connection.execute(insert(identities).on_conflict_do_nothing(), rows)
            statement = (
                select(identities)
                .where(tuple_(identities.c.kind, identities.c.value).in_([tuple(key) for key in part]))
                .order_by(identities.c.kind, identities.c.value)
                .with_for_update()
            )
            for row in (await self._connection.execute(statement)).mappings():
                held[Key(row["kind"], row["value"])] = row["open_lead_id"]
        return held

    async def point_keys(self, keys: Iterable[Key], lead_id: UUID | None) -> None:
        """Let the keys point to the lead, or to none."""
        rows = [{"k": key.kind, "v": key.value} for key in keys]
        if rows:
            statement = (
                update(identities)
                .where(identities.c.kind == bindparam("k"), identities.c.value == bindparam("v"))
                .values(open_lead_id=lead_id)
            )
            await self._connection.execute(statement, rows)

    async def open_numbers(self, lead_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Return those of the leads that are open, with the numbers by which people name them."""
        statement = select(leads.c.id, leads.c.number).where(
            leads.c.id.in_(lead_ids), leads.c.status.in_(OPEN)
        )
        return {row[0]: row[1] for row in await self._connection.execute(statement)}


def to_lead(row: RowMapping) -> Lead:
    """Return the lead that a row holds."""
    who = Responsible(row["responsible_type"], row["responsible_id"]) if row["responsible_id"] else None
    return Lead(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        status=row["status"],
        kind=row["kind"],
        channel_id=row["channel_id"],
        name=row["name"],
        phones=tuple(row["phones"]),
        emails=tuple(row["emails"]),
        keys=frozenset(Key.parse(item) for item in row["keys"]),
        contact_id=row["contact_id"],
        deal_id=row["deal_id"],
        responsible=who,
        pool_role_id=row["pool_role_id"],
        inquiries_count=row["inquiries_count"],
        unread_count=row["unread_count"],
        created_at=row["created_at"],
        last_inquiry_at=row["last_inquiry_at"],
        waiting_since=row["waiting_since"],
        claimed_at=row["claimed_at"],
        first_response_at=row["first_response_at"],
        closed_at=row["closed_at"],
        rejection_reason_id=row["rejection_reason_id"],
        rejection_comment=row["rejection_comment"],
    )


def _entry_row(lead_id: UUID, entry: Entry) -> dict[str, Any]:
    return {
        "lead_id": lead_id,
        "at": entry.at,
        "kind": entry.kind,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name,
        "reason": entry.reason,
        "data": entry.data,
    }


RECOUNT = text(
    """
    update leads l set
      version = l.version + 1, updated_at = now(), inquiries_count = t.n,
      unread_count = least(l.unread_count, t.n),
      last_inquiry_at = coalesce(t.last_at, l.last_inquiry_at),
      text = coalesce(t.last_text, l.text),
      waiting_since = least(
        cast(:waits_from as timestamptz),
        (select min(received_at) from inquiries where lead_id = l.id and received_at >= l.waiting_since)
      )
    from (
      select count(*) as n, max(received_at) as last_at,
             left((array_agg(text order by received_at desc))[1], 1000) as last_text
      from inquiries where lead_id = :lead_id
    ) t
    where l.id = :lead_id
    """
)
