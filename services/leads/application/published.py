"""From the state of a lead to what the others may know of it."""

from typing import TypeVar
from uuid import UUID

from services.leads.domain.lead import Lead
from services.leads.domain.snapshot import Responsible
from shared.contracts.leads import Audience, LeadEvent, LeadResponsible

E = TypeVar("E", bound=LeadEvent)


def lead_event(
    event: type[E], lead: Lead, *, before: Responsible | None, actor_id: UUID | None = None, reason: str = ""
) -> E:
    """Return the event with the whole public state; it reaches those who saw the lead and those who see it now."""
    responsible = lead.responsible
    return event(
        lead_id=lead.id,
        version=lead.version,
        number=lead.number,
        status=lead.status,
        kind=lead.kind,
        channel_id=lead.channel_id,
        name=lead.name,
        phones=lead.phones,
        emails=lead.emails,
        contact_id=lead.contact_id,
        deal_id=lead.deal_id,
        responsible=LeadResponsible(type=responsible.type, id=responsible.id) if responsible else None,
        inquiries_count=lead.inquiries_count,
        created_at=lead.created_at,
        last_inquiry_at=lead.last_inquiry_at,
        actor_id=actor_id,
        reason=reason,
        audience=audience(before, responsible),
    )


def audience(*responsibles: Responsible | None) -> Audience:
    """Return everybody whose pages show leads of any of these."""
    return Audience(
        employees=tuple({item.id for item in responsibles if item and item.type == "employee"}),
        roles=tuple({item.id for item in responsibles if item and item.type == "role"}),
        everyone=any(item is None for item in responsibles),
    )
