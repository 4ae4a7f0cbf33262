"""Rejection reasons over HTTP (S067)."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.leads.adapters.reasons import LISTING, SqlRejectionReasons, list_reasons
from services.leads.application.commands.save_reason import ChangeReason, change_reason, create_reason
from services.leads.entrypoints.dependencies import App
from services.leads.entrypoints.schemas import ReasonCreate, ReasonOut, ReasonPatch
from shared.http.etag import if_match, put_etag
from shared.http.pages import Page, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/rejection-reasons", tags=["rejection-reasons"])


@router.get("")
async def get_reasons(request: Request, app: App, who: Who) -> Page[ReasonOut]:
    """List the rejection reasons."""
    who.require("reasons", "read")
    query = parse(request, LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await list_reasons(connection, query)
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
