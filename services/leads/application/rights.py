"""The check that every command about a lead begins with."""

from services.leads.domain.access import Viewer, may_see
from services.leads.domain.errors import LeadMissingError
from services.leads.domain.lead import Lead


def require_visible(lead: Lead, viewer: Viewer) -> None:
    """LeadMissingError if the lead is not the viewer's to see: what one may not see does not exist for him."""
    if not may_see(viewer, lead.responsible):
        raise LeadMissingError
