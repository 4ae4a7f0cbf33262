"""Hand a lead over to another employee or role (S060, S071)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor, Lead
from services.leads.domain.snapshot import Responsible
from shared.contracts.leads import LeadAssigned


@dataclass(frozen=True, slots=True)
class HandOverLead:
    """Who hands which lead to whom, and why."""

    lead_id: UUID
    to: Responsible
    actor: Actor
    viewer: Viewer
    reason: str = ""


async def hand_over_lead(command: HandOverLead, work: Work, now: datetime) -> Lead:
    """Change the responsible; AssigneeUnknownError if the new one cannot take leads."""
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    name = await work.directory.assignee_name(command.to)
    given, entry = lead.hand_over(command.to, name, command.actor, now, command.reason)
    await work.leads.save(given, entry)
    event = lead_event(
        LeadAssigned, given, before=lead.responsible, actor_id=command.actor.id, reason=command.reason
    )
    await work.publish(event, aggregate=lead.id)
    return given
