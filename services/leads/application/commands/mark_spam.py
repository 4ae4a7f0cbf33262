"""Reject a lead as spam: whoever sent it opens no leads any more (S008)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor, Lead
from services.leads.domain.reason import SPAM_REASON
from shared.contracts.leads import LeadRejected


@dataclass(frozen=True, slots=True)
class MarkSpam:
    """Who says that the sender of which lead is spam."""

    lead_id: UUID
    actor: Actor
    viewer: Viewer
    comment: str = ""


async def mark_spam(command: MarkSpam, work: Work, now: datetime) -> Lead:
    """Close the lead for the reason of spam and mark its keys; LeadWrongStateError unless it is open.

    What comes from a marked key is kept with the rule `spam`, without a lead, until the mark is taken off. A known
    contact is not marked: that is for the owner of contacts to say. Nor are the keys of known contacts, which a
    stranger may have written into his text. Keys are locked before the lead, as intake does.
    """
    seen = await work.leads.peek(command.lead_id)
    holders = await work.leads.lock_keys(seen.keys | seen.points)
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    reason = await work.directory.reason_name(SPAM_REASON, put_away=True)
    closed, entry = lead.reject_as_spam(
        command.actor, now, reason_id=SPAM_REASON, reason=reason, comment=command.comment
    )
    await work.leads.save(closed, entry)
    await work.leads.point_keys([key for key, holder in holders.items() if holder == lead.id], None)
    theirs = await work.directory.keys_of_contacts(lead.points)
    await work.spam.mark((lead.points & holders.keys()) - theirs, lead, command.actor, now)
    event = lead_event(
        LeadRejected, closed, before=lead.responsible, actor_id=command.actor.id, reason=reason
    )
    await work.publish(event, aggregate=lead.id)
    return closed
