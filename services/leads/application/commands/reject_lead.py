"""Reject a lead with its reason; its keys are free again (S065-S069)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor, Lead
from shared.contracts.leads import LeadRejected


@dataclass(frozen=True, slots=True)
class RejectLead:
    """Who rejects which lead, and why."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer
    reason_id: UUID | None = None
    comment: str = ""


async def reject_lead(command: RejectLead, work: Work, now: datetime) -> Lead:
    """Close the lead; RejectionReasonRequiredError where its channel demands a reason.

    Keys are locked before the lead, as intake does, so that an inquiry that arrives meanwhile waits.
    """
    seen = await work.leads.peek(command.lead_id)
    holders = await work.leads.lock_keys(seen.keys)
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    required = await work.directory.reason_required(lead.channel_id)
    reason = await work.directory.reason_name(command.reason_id) if command.reason_id else ""
    closed, entry = lead.reject(
        command.actor,
        now,
        reason_id=command.reason_id,
        reason=reason,
        comment=command.comment,
        required=required,
    )
    await work.leads.save(closed, entry)
    await work.leads.point_keys([key for key, holder in holders.items() if holder == lead.id], None)
    event = lead_event(
        LeadRejected, closed, before=lead.responsible, actor_id=command.actor.id, reason=reason
    )
    await work.publish(event, aggregate=lead.id)
    return closed
