"""Open a rejected lead again, unless another open lead took its person meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.errors import KeyTakenError
from services.leads.domain.lead import Actor, Lead
from shared.contracts.leads import LeadReopened


@dataclass(frozen=True, slots=True)
class ReopenLead:
    """Who reopens which lead, and why."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer
    reason: str = ""


async def reopen_lead(command: ReopenLead, work: Work, now: datetime) -> Lead:
    """Take the keys again and open the lead; KeyTakenError names the lead that holds one of them.

    Its keys are no spam any more: what its client writes belongs to the open lead.
    """
    seen = await work.leads.peek(command.lead_id)
    holders = await work.leads.lock_keys(seen.keys | seen.points)
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    opened, entry = lead.reopen(command.actor, now, command.reason)
    others = [holder for key, holder in holders.items() if key in lead.keys and holder not in {None, lead.id}]
    for other, number in (await work.leads.open_numbers(others)).items():
        raise KeyTakenError(f"Этого человека уже ведёт лид № {number}", lead_id=other, lead_number=number)
    await work.leads.save(opened, entry)
    await work.leads.point_keys(lead.keys, lead.id)
    await work.spam.take_off(lead.points & holders.keys())
    event = lead_event(
        LeadReopened, opened, before=lead.responsible, actor_id=command.actor.id, reason=command.reason
    )
    await work.publish(event, aggregate=lead.id)
    return opened
