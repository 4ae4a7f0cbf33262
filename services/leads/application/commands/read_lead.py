"""Note that the responsible has seen the inquiries of his lead."""

from dataclasses import dataclass
from uuid import UUID

from services.leads.application.ports import Work
from services.leads.application.published import lead_event
from services.leads.application.rights import require_visible
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Lead
from services.leads.domain.snapshot import Responsible
from shared.contracts.leads import LeadChanged


@dataclass(frozen=True, slots=True)
class ReadLead:
    """Who looked at which lead."""

    lead_id: UUID
    viewer: Viewer


async def read_lead(command: ReadLead, work: Work) -> Lead:
    """Clear the unread counter, but only for the eyes of the responsible himself."""
    lead = await work.leads.get(command.lead_id)
    require_visible(lead, command.viewer)
    if not lead.unread_count or lead.responsible != Responsible("employee", command.viewer.employee_id):
        return lead
    seen = lead.read()
    await work.leads.save(seen, None)
    await work.publish(lead_event(LeadChanged, seen, before=lead.responsible), aggregate=lead.id)
    return seen
