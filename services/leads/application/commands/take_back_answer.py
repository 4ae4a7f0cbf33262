"""Take back an «Ответил» that was pressed by mistake: the client waits again as he did before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor, Lead
from shared.contracts.leads import LeadChanged


@dataclass(frozen=True, slots=True)
class TakeBackAnswer:
    """Who takes back the answer to the client of which lead."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer


async def take_back_answer(command: TakeBackAnswer, work: Work, now: datetime) -> Lead:
    """Restore the wait, and that there was no first answer; LeadWrongStateError when something happened since."""
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    waiting, entry = lead.take_back_answer(await work.leads.last_entry(lead.id), command.actor, now)
    await work.leads.save(waiting, entry)
    event = lead_event(LeadChanged, waiting, before=lead.responsible, actor_id=command.actor.id)
    await work.publish(event, aggregate=lead.id)
    return waiting
