"""Move an inquiry to another lead by hand, with a reason; the record keeps both decisions (B06)."""

from dataclasses import dataclass
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.errors import InquiryMissingError, LeadWrongStateError
from services.leads.domain.lead import Actor
from shared.contracts.leads import LeadChanged, LeadCreated


@dataclass(frozen=True, slots=True)
class MoveInquiry:
    """Which inquiry goes to which lead; `lead_id` None opens a lead of its own for it."""

    inquiry_id: UUID
    lead_id: UUID | None
    actor: Actor
    viewer: Viewer
    reason: str


async def move_inquiry(command: MoveInquiry, work: Work) -> UUID:
    """Tie the inquiry to the other lead and return that lead's id; LeadWrongStateError unless that one is open.

    Keys stay where they are: moving one inquiry says nothing about who the next one belongs to. The wait goes along:
    who has not been answered in the one lead waits in the other.
    """
    inquiry = await work.inquiries.get(command.inquiry_id)
    if inquiry.lead_id is None and command.viewer.scope != "all":
        raise InquiryMissingError  # what was kept without a lead is shown only to who sees all
    own = command.lead_id is None
    target_id = await work.inquiries.open_own_lead(inquiry) if command.lead_id is None else command.lead_id
    unanswered = inquiry.lead_id is None
    touched = sorted({target_id} if inquiry.lead_id is None else {target_id, inquiry.lead_id}, key=str)
    for lead_id in touched:
        lead = await work.leads.get(lead_id)
        require_visible(lead, command.viewer)
        if lead_id == target_id and not lead.is_open:
            raise LeadWrongStateError(lead_status=lead.status)
        if lead_id == inquiry.lead_id and lead.waiting_since:
            unanswered = lead.waiting_since <= inquiry.received_at
    await work.inquiries.move(inquiry, target_id, command.actor, command.reason)
    for lead_id in touched:
        waits = unanswered and lead_id == target_id
        await work.inquiries.recount(lead_id, waits_from=inquiry.received_at if waits else None)
        lead = await work.leads.get(lead_id)
        event = lead_event(
            LeadCreated if own and lead_id == target_id else LeadChanged,
            lead,
            before=lead.responsible,
            actor_id=command.actor.id,
            reason=command.reason,
        )
        await work.publish(event, aggregate=lead_id)
    return target_id
