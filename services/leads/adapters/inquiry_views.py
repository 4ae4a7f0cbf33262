"""Reading inquiries, their raw bytes and the decisions about them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.known import known_channels
from services.leads.adapters.tables import (
    candidate_sets,
    conflicts,
    decisions,
    inquiries,
    leads,
    raw_inquiries,
)
from services.leads.adapters.views import names_of, visible
from services.leads.domain.access import Viewer


def may_read(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition under which an inquiry is shown: through its lead; without one only to who sees all."""
    if viewer.scope == "all":
        return true()
    return select(leads.c.id).where(leads.c.id == inquiries.c.lead_id, visible(viewer)).exists()


def select_inquiries() -> Select[Any]:
    """Return the select of inquiries with their channels."""
    return select(
        inquiries, known_channels.c.name.label("channel_name"), known_channels.c.kind.label("channel_kind")
    ).outerjoin(known_channels, known_channels.c.id == inquiries.c.channel_id)


async def latest_decisions(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the latest decision about each of the inquiries, in one query."""
    if not ids:
        return {}
    statement = (
        select(decisions)
        .ext(distinct_on(decisions.c.inquiry_id))
        .where(decisions.c.inquiry_id.in_(ids))
        .order_by(decisions.c.inquiry_id, decisions.c.seq.desc())
    )
    rows = (await connection.execute(statement)).mappings().all()
    found = {row["inquiry_id"]: {**row, **row["body"]} for row in rows}
    await _name(connection, list(found.values()))
    return found


async def conflicts_with(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[RowMapping]]:
    """Return what came under the ids of the inquiries and said something else, in the order of arrival."""
    found: dict[UUID, list[RowMapping]] = {}
    if ids:
        statement = select(conflicts).where(conflicts.c.inquiry_id.in_(ids)).order_by(conflicts.c.received_at)
        for row in (await connection.execute(statement)).mappings():
            found.setdefault(row["inquiry_id"], []).append(row)
    return found


async def decisions_about(connection: AsyncConnection, inquiry_id: UUID) -> list[dict[str, Any]]:
    """Return all decisions about an inquiry with names in place of ids, newest first."""
    statement = select(decisions).where(decisions.c.inquiry_id == inquiry_id).order_by(decisions.c.seq.desc())
    rows = (await connection.execute(statement)).mappings().all()
    found: list[dict[str, Any]] = [{"assignment": None, **row, **row["body"]} for row in rows]
    await _name(connection, found)
    await _show_candidates(connection, [item["assignment"] for item in found if item["assignment"]])
    return found


async def _show_candidates(connection: AsyncConnection, assignments: list[dict[str, Any]]) -> None:
    """Put the candidates, which are stored once for all alike, into each assignment."""
    wanted = {UUID(item["candidate_set"]) for item in assignments if item["candidate_set"]}
    statement = select(candidate_sets).where(candidate_sets.c.id.in_(wanted))
    known = {row.id: row.candidates for row in await connection.execute(statement)}
    for item in assignments:
        chosen_from = item.pop("candidate_set")
        item["candidates"] = known.get(UUID(chosen_from), []) if chosen_from else []


async def _name(connection: AsyncConnection, records: list[dict[str, Any]]) -> None:
    """Put names beside the ids of candidates and of who was chosen."""
    wanted: dict[str, set[UUID]] = {}
    for item in _named(records):
        wanted.setdefault(item["type"], set()).add(UUID(item["id"]))
    names = await names_of(connection, wanted)
    for item in _named(records):
        item["name"] = names.get(UUID(item["id"]), "")


def _named(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [item for record in records for item in record["candidates"]]
    assignments = [record.get("assignment") for record in records]
    return found + [item["chosen"] for item in assignments if item and item["chosen"]]


async def raw_of(connection: AsyncConnection, inquiry_id: UUID) -> dict[str, Any] | None:
    """Return the raw bytes of an inquiry as they were stored; None when there are none."""
    on = and_(
        raw_inquiries.c.inquiry_id == inquiries.c.id, raw_inquiries.c.received_at == inquiries.c.received_at
    )
    statement = select(raw_inquiries.c.body, raw_inquiries.c.content_type).join(inquiries, on)
    row = (await connection.execute(statement.where(inquiries.c.id == inquiry_id))).mappings().first()
    return {**row["body"], "content_type": row["content_type"]} if row else None
