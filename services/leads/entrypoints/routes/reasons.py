"""Rejection reasons over HTTP (S067)."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from services.leads.adapters.reasons import SqlRejectionReasons
from services.leads.adapters.tables import rejection_reasons
from services.leads.application.commands.save_reason import ChangeReason, change_reason, create_reason
from services.leads.entrypoints.dependencies import App
from services.leads.entrypoints.schemas import ReasonCreate, ReasonOut, ReasonPatch
from shared.http.etag import if_match, put_etag
from shared.http.pages import Listing, Page, fetch, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/rejection-reasons", tags=["rejection-reasons"])

_LISTING = Listing(
    table_id=rejection_reasons.c.id,
    sorts={"position": rejection_reasons.c.position, "name": rejection_reasons.c.name},
    default_sort="position",
    filters={
        "is_active": lambda values: rejection_reasons.c.is_active.in_([value == "true" for value in values])
    },
    search=lambda q: rejection_reasons.c.name.icontains(q, autoescape=True),
    updated=rejection_reasons.c.updated_at,
)


@router.get("")
async def list_reasons(request: Request, app: App, who: Who) -> Page[ReasonOut]:
    """List the rejection reasons."""
    who.require("reasons", "read")
    query = parse(request, _LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await fetch(connection, select(rejection_reasons), query, _LISTING)
    return Page(items=[ReasonOut(**row) for row in rows], next_cursor=cursor)


@router.post("", status_code=201)
async def add_reason(body: ReasonCreate, response: Response, app: App, who: Who) -> ReasonOut:
    """Create a rejection reason."""
    who.require("reasons", "edit")
    async with app.work() as work:
        reason = await create_reason(body.changed(), SqlRejectionReasons(work.connection))
    put_etag(response, reason.version)
    return ReasonOut(**asdict(reason), updated_at=app.clock())


@router.patch("/{reason_id}")
async def patch_reason(
    reason_id: UUID, body: ReasonPatch, request: Request, response: Response, app: App, who: Who
) -> ReasonOut:
    """Change a rejection reason; needs If-Match."""
    who.require("reasons", "edit")
    command = ChangeReason(reason_id, body.changed(), if_match(request))
    async with app.work() as work:
        reason = await change_reason(command, SqlRejectionReasons(work.connection))
    put_etag(response, reason.version)
    return ReasonOut(**asdict(reason), updated_at=app.clock())
