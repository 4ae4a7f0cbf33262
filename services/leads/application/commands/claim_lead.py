"""Claim a lead: the first one owns it, the second is told by whom (S058)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer, may_see
from services.leads.domain.errors import LeadAlreadyClaimedError
from services.leads.domain.lead import Actor, Lead
from services.leads.domain.snapshot import Responsible
from shared.contracts.leads import LeadClaimed


@dataclass(frozen=True, slots=True)
class ClaimLead:
    """Who wants which lead."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer


async def claim_lead(command: ClaimLead, work: Work, now: datetime) -> Lead:
    """Take the lead into work; claiming one's own again changes nothing.

    LeadAlreadyClaimedError names the owner to those who saw the lead before he took it.
    """
    lead = await work.leads.get(command.lead_id)
    if lead.is_claimed_by(command.actor.id):
        return lead
    pool = Responsible("role", lead.pool_role_id) if lead.pool_role_id else None
    if lead.status == "in_work" and lead.responsible and may_see(command.viewer, pool):
        name = await work.directory.assignee_name(lead.responsible)
        raise LeadAlreadyClaimedError(
            f"Лид уже взял {name}",
            claimed_by={"id": lead.responsible.id, "name": name},
            claimed_at=lead.claimed_at,
        )
    require_visible(lead, command.viewer)
    claimed, entry = lead.claim(command.actor, now)
    await work.leads.save(claimed, entry)
    event = lead_event(LeadClaimed, claimed, before=lead.responsible, actor_id=command.actor.id)
    await work.publish(event, aggregate=lead.id)
    return claimed
