"""Reading leads over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.leads.adapters.lead_history import read_history
from services.leads.adapters.views import assignees, count_leads, listing, read_lead, select_leads, visible
from services.leads.entrypoints.dependencies import App, viewer_of
from services.leads.entrypoints.schemas import AssigneeOut, Count, HistoryEntry, Items, LeadOut
from shared.http.etag import put_etag
from shared.http.pages import Page, fetch, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/leads", tags=["leads"])


@router.get("")
async def list_leads(request: Request, app: App, who: Who) -> Page[LeadOut]:
    """List the leads that the asker may see."""
    async with app.engine.connect() as connection:
        viewer = await viewer_of(who, "leads", "read", connection)
        known = listing(viewer)
        query = parse(request, known)
        rows, cursor = await fetch(connection, select_leads().where(visible(viewer)), query, known)
    return Page(items=[LeadOut.of(row) for row in rows], next_cursor=cursor)


@router.get("/count")
async def count(request: Request, app: App, who: Who) -> Count:
    """Count the leads of the same filters, up to 10 000."""
    async with app.engine.connect() as connection:
        viewer = await viewer_of(who, "leads", "read", connection)
        query = parse(request, listing(viewer))
        found, capped = await count_leads(connection, [visible(viewer), *query.conditions])
    return Count(count=found, capped=capped)


@router.get("/assignees")
async def list_assignees(app: App, who: Who) -> Items[AssigneeOut]:
    """List the employees and roles to which a lead may be handed over."""
    who.require("leads", "read")
    async with app.engine.connect() as connection:
        found = await assignees(connection)
    return Items(items=[AssigneeOut(**item) for item in found])


@router.get("/{lead_id}")
async def get_lead(lead_id: UUID, response: Response, app: App, who: Who) -> LeadOut:
    """Read one lead."""
    async with app.engine.connect() as connection:
        viewer = await viewer_of(who, "leads", "read", connection)
        found = LeadOut.of(await read_lead(connection, lead_id, viewer))
    put_etag(response, found.version)
    return found


@router.get("/{lead_id}/history")
async def get_history(lead_id: UUID, app: App, who: Who) -> Items[HistoryEntry]:
    """Read what happened to a lead: who, when, why; newest first."""
    async with app.engine.connect() as connection:
        viewer = await viewer_of(who, "leads", "read", connection)
        await read_lead(connection, lead_id, viewer)
        entries = await read_history(connection, lead_id)
    return Items(items=[HistoryEntry(**entry) for entry in entries])
