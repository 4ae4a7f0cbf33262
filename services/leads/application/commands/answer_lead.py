"""Note that the client of a lead has been answered: «Ответил»; nobody waits any more."""

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
class AnswerLead:
    """Who answered the client of which lead."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer


async def answer_lead(command: AnswerLead, work: Work, now: datetime) -> Lead:
    """End the wait and keep the time of the first answer; nothing changes where nobody waits and there was one.

    As with claiming one's own lead again, a second press is no error: two colleagues who press at once both wanted
    what is so then. A claimed lead without a first answer gets one. LeadWrongStateError when the lead is closed.
    """
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    done = lead.answer(command.actor, now)
    if done is None:
        return lead
    answered, entry = done
    await work.leads.save(answered, entry)
    event = lead_event(LeadChanged, answered, before=lead.responsible, actor_id=command.actor.id)
    await work.publish(event, aggregate=lead.id)
    return answered
