"""The history of a lead: its transitions, and its creation as the first decision recorded it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.tables import decisions, history, inquiries, leads
from services.leads.adapters.views import names_of

_MOST = 200
_SYSTEM = {"type": "system", "id": None, "name": ""}


async def read_history(connection: AsyncConnection, lead_id: UUID) -> list[dict[str, Any]]:
    """Return the latest entries, newest first; the last one is always how the lead came into being."""
    statement = select(history).where(history.c.lead_id == lead_id).order_by(history.c.id.desc()).limit(_MOST)
    rows = (await connection.execute(statement)).mappings().all()
    found = [
        {
            "id": row["id"],
            "kind": row["kind"],
            "at": row["at"],
            "actor": {"type": "employee", "id": row["actor_id"], "name": row["actor_name"]},
            "reason": row["reason"],
            "data": row["data"],
        }
        for row in rows
    ]
    return [*found, await _creation(connection, lead_id)]


async def _creation(connection: AsyncConnection, lead_id: UUID) -> dict[str, Any]:
    statement = (
        select(leads.c.created_at, decisions.c.body)
        .outerjoin(inquiries, inquiries.c.lead_id == leads.c.id)
        .outerjoin(
            decisions, (decisions.c.inquiry_id == inquiries.c.id) & (decisions.c.lead_id == leads.c.id)
        )
        .where(leads.c.id == lead_id)
        .order_by(
            decisions.c.body["assignment"].as_string().is_(None), inquiries.c.received_at, decisions.c.seq
        )
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().one()
    chosen = ((row["body"] or {}).get("assignment") or {}).get("chosen")
    data: dict[str, Any] = {"responsible": None}
    if chosen:
        identity = UUID(chosen["id"])
        names = await names_of(connection, {chosen["type"]: {identity}})
        data["responsible"] = {**chosen, "name": names.get(identity, "")}
    return {"id": 0, "kind": "created", "at": row["created_at"], "actor": _SYSTEM, "reason": "", "data": data}
