"""Give a lead back: «Вернуть в общий список»."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor, Lead
from shared.contracts.leads import LeadAssigned


@dataclass(frozen=True, slots=True)
class GiveBackLead:
    """Who gives which lead back, and why."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer
    reason: str = ""


async def give_back_lead(command: GiveBackLead, work: Work, now: datetime) -> Lead:
    """Return the lead to its role, else to everybody; LeadWrongStateError unless it is open."""
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    given, entry = lead.give_back(command.actor, now, command.reason)
    await work.leads.save(given, entry)
    event = lead_event(
        LeadAssigned, given, before=lead.responsible, actor_id=command.actor.id, reason=command.reason
    )
    await work.publish(event, aggregate=lead.id)
    return given
