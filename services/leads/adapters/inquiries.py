"""Stored inquiries: moving them between leads by hand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.repository import RECOUNT
from services.leads.adapters.tables import decisions, history, inquiries, leads
from services.leads.application.ports import StoredInquiry
from services.leads.domain.errors import InquiryMissingError
from services.leads.domain.inquiry import PREVIEW
from services.leads.domain.intake import NAMELESS
from services.leads.domain.lead import Actor
from services.leads.domain.matching import RULE_VERSION
from services.leads.domain.search import search_text
from shared.kernel.clock import Clock
from shared.kernel.contact_points import point
from shared.kernel.ids import new_id


class SqlInquiryRepository:
    """Moves inquiries through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def get(self, inquiry_id: UUID) -> StoredInquiry:
        """Return the inquiry, locked; InquiryMissingError if there is none."""
        statement = select(inquiries).where(inquiries.c.id == inquiry_id).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise InquiryMissingError
        return StoredInquiry(row["id"], row["lead_id"], row["received_at"], dict(row))

    async def move(self, inquiry: StoredInquiry, lead_id: UUID, actor: Actor, reason: str) -> None:
        """Tie the inquiry to another lead and record the decision beside the earlier ones (B06)."""
        await self._connection.execute(
            update(inquiries)
            .where(inquiries.c.id == inquiry.id)
            .values(lead_id=lead_id, rule="manual", version=inquiries.c.version + 1)
        )
        last = select(func.coalesce(func.max(decisions.c.seq), 0)).where(decisions.c.inquiry_id == inquiry.id)
        await self._connection.execute(
            decisions.insert().values(
                inquiry_id=inquiry.id,
                seq=(await self._connection.execute(last)).scalar_one() + 1,
                made_by=actor.id,
                rule="manual",
                rule_version=RULE_VERSION,
                lead_id=lead_id,
                body={"matched": [], "candidates": [], "evidence": [{"what": "by_hand", "name": actor.name}]},
                reason=reason,
            )
        )
        for side in {lead_id} if inquiry.lead_id is None else {lead_id, inquiry.lead_id}:
            await self._connection.execute(
                history.insert().values(
                    lead_id=side,
                    at=self._clock(),
                    kind="moved",
                    actor_id=actor.id,
                    actor_name=actor.name,
                    reason=reason,
                    data={
                        "inquiry_id": str(inquiry.id),
                        "from": str(inquiry.lead_id or ""),
                        "to": str(lead_id),
                    },
                )
            )

    async def open_own_lead(self, inquiry: StoredInquiry) -> UUID:
        """Open a lead for this inquiry alone and return its id; it holds no keys."""
        row, sender = inquiry.row, inquiry.row["content"].get("sender", {})
        phones = [item.value for value in sender.get("phones", []) if (item := point("phone", value))]
        emails = [item.value for value in sender.get("emails", []) if (item := point("email", value))]
        name = sender.get("name") or next(iter((*phones, *emails)), NAMELESS)
        lead_id = new_id()
        values: dict[str, Any] = {
            "id": lead_id,
            "status": "new",
            "kind": row["kind"],
            "channel_id": row["channel_id"],
            "name": name,
            "phones": phones,
            "emails": emails,
            "contact_id": row["contact_id"],
            "text": row["text"][:PREVIEW],
            "created_at": row["received_at"],
            "last_inquiry_at": row["received_at"],
            "waiting_since": row["received_at"],
            "search": search_text(name, phones, emails),
        }
        await self._connection.execute(leads.insert().values(**values))
        return lead_id

    async def recount(self, lead_id: UUID, *, waits_from: datetime | None = None) -> None:
        """Bring counters, last text and wait of a lead in line with its inquiries; `waits_from` begins a wait."""
        await self._connection.execute(RECOUNT, {"lead_id": lead_id, "waits_from": waits_from})
