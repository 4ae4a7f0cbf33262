"""The events of intake as outbox rows, built without detours: this is the hottest code of the product."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.leads.domain.intake import Decided, NewLead
from services.leads.domain.snapshot import Responsible
from shared.contracts.leads import InquiryAttached, InquiryKept, LeadCreated
from shared.kernel.ids import new_id

SOURCE = "voronka/leads"

Event = tuple[UUID, str, UUID, bytes]


def created_event(lead: NewLead, number: int, item: Decided, now: datetime) -> Event:
    """Return the outbox row of LeadCreated."""
    data = {
        "lead_id": lead.id,
        "version": 1,
        "number": number,
        "status": "new",
        "kind": lead.kind,
        "channel_id": lead.channel_id,
        "name": lead.name,
        "phones": lead.phones,
        "emails": lead.emails,
        "contact_id": lead.contact_id,
        "deal_id": None,
        "responsible": _responsible(lead.responsible),
        "inquiries_count": lead.inquiries,
        "created_at": lead.created_at,
        "last_inquiry_at": lead.last_inquiry_at,
        "inquiry_id": item.inquiry.id,
        "audience": audience(lead.responsible),
    }
    return _event(LeadCreated.topic, lead.id, data, item.inquiry.traceparent, now)


def attached_event(row: dict[str, Any], item: Decided, now: datetime) -> Event:
    """Return the outbox row of InquiryAttached; `row` is the lead as it was just written."""
    kind, who = row["responsible_type"], row["responsible_id"]
    responsible = Responsible(kind, who) if who else None
    data = {key: value for key, value in row.items() if not key.startswith("responsible") and key != "id"}
    data |= {
        "lead_id": row["id"],
        "responsible": _responsible(responsible),
        "inquiry_id": item.inquiry.id,
        "audience": audience(responsible),
    }
    return _event(InquiryAttached.topic, row["id"], data, item.inquiry.traceparent, now)


def kept_event(item: Decided, now: datetime) -> Event:
    """Return the outbox row of InquiryKept."""
    inquiry = item.inquiry
    data = {"inquiry_id": inquiry.id, "channel_id": inquiry.channel_id, "rule": item.match.rule}
    return _event(InquiryKept.topic, inquiry.id, data, inquiry.traceparent, now)


def audience(responsible: Responsible | None) -> dict[str, Any]:
    """Return whose pages show a lead of this responsible."""
    if responsible is None:
        return {"everyone": True}
    return {"employees" if responsible.type == "employee" else "roles": [responsible.id]}


def _responsible(responsible: Responsible | None) -> dict[str, Any] | None:
    return {"type": responsible.type, "id": responsible.id} if responsible else None


def _event(topic: str, aggregate: UUID, data: dict[str, Any], traceparent: str, now: datetime) -> Event:
    message_id = new_id()
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": SOURCE,
            "type": topic,
            "time": now,
            "subject": str(aggregate),
            "traceparent": traceparent,
            "correlationid": "",
            "causationid": "",
            "datacontenttype": "application/json",
            "data": data,
        },
        default=str,  # ids that came from the database are of the driver's own class
    )
    return aggregate, topic, message_id, body
