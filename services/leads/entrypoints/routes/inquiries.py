"""Inquiries over HTTP: what came in, why it is where it is, and moving it."""

import base64
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.inquiry_views import (
    conflicts_with,
    decisions_about,
    latest_decisions,
    may_read,
    raw_of,
    select_inquiries,
)
from services.leads.adapters.tables import inquiries
from services.leads.application.commands.move_inquiry import MoveInquiry, move_inquiry
from services.leads.domain.errors import AttachmentMissingError, InquiryMissingError
from services.leads.entrypoints.dependencies import App, actor_of, viewer_of
from services.leads.entrypoints.inquiry_schemas import DecisionOut, InquiryOut, RawOut, TextOut
from services.leads.entrypoints.schemas import Items, Move, Moved
from shared.http.etag import put_etag
from shared.http.pages import Listing, Page, as_time, as_uuid, fetch, parse
from shared.http.tokens import Principal, Who

router = APIRouter(prefix="/api/v1/inquiries", tags=["inquiries"])

_LISTING = Listing(
    table_id=inquiries.c.id,
    sorts={"received_at": inquiries.c.received_at},
    default_sort="-received_at",
    filters={
        "lead_id": lambda values: inquiries.c.lead_id.in_([as_uuid(value) for value in values]),
        "channel_id": lambda values: inquiries.c.channel_id.in_([as_uuid(value) for value in values]),
        "contact_id": lambda values: inquiries.c.contact_id.in_([as_uuid(value) for value in values]),
        "kind": inquiries.c.kind.in_,
        "rule": inquiries.c.rule.in_,
        "received_at_from": lambda values: inquiries.c.received_at >= as_time(values[-1]),
        "received_at_to": lambda values: inquiries.c.received_at < as_time(values[-1]),
    },
)


async def _read(connection: AsyncConnection, inquiry_id: UUID, who: Principal) -> Any:
    viewer = await viewer_of(who, "inquiries", "read", connection)
    statement = select_inquiries().where(inquiries.c.id == inquiry_id, may_read(viewer))
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise InquiryMissingError
    return row


@router.get("")
async def list_inquiries(request: Request, app: App, who: Who) -> Page[InquiryOut]:
    """List the inquiries that the asker may see."""
    query = parse(request, _LISTING)
    async with app.engine.connect() as connection:
        viewer = await viewer_of(who, "inquiries", "read", connection)
        rows, cursor = await fetch(connection, select_inquiries().where(may_read(viewer)), query, _LISTING)
        ids = [row["id"] for row in rows]
        found = await latest_decisions(connection, ids)
        other = await conflicts_with(connection, ids)
    items = [InquiryOut.of(row, found.get(row["id"]), other.get(row["id"], ())) for row in rows]
    return Page(items=items, next_cursor=cursor)


@router.get("/{inquiry_id}", responses={404: {"description": "Not stored yet, or not yours to see."}})
async def get_inquiry(inquiry_id: UUID, response: Response, app: App, who: Who) -> InquiryOut:
    """Read one inquiry; it is known a moment after it was accepted."""
    async with app.engine.connect() as connection:
        row = await _read(connection, inquiry_id, who)
        found = await latest_decisions(connection, [inquiry_id])
        other = await conflicts_with(connection, [inquiry_id])
    put_etag(response, row["version"])
    return InquiryOut.of(row, found.get(inquiry_id), other.get(inquiry_id, ()))


@router.get("/{inquiry_id}/decisions")
async def list_decisions(inquiry_id: UUID, app: App, who: Who) -> Items[DecisionOut]:
    """Read all decisions about an inquiry with their evidence, newest first (B06)."""
    async with app.engine.connect() as connection:
        await _read(connection, inquiry_id, who)
        found = await decisions_about(connection, inquiry_id)
    return Items(items=[DecisionOut(**item) for item in found])


@router.get("/{inquiry_id}/raw", response_model_exclude_none=True)
async def get_raw(inquiry_id: UUID, app: App, who: Who) -> RawOut:
    """Read the bytes that came in (B04)."""
    async with app.engine.connect() as connection:
        await _read(connection, inquiry_id, who)
        raw = await raw_of(connection, inquiry_id)
    if raw is None:
        raise InquiryMissingError
    if key := raw.pop("file_key", None):
        raw["base64"] = base64.b64encode(await app.files.get(key)).decode()
    return RawOut(**raw)


@router.get("/{inquiry_id}/text")
async def get_text(inquiry_id: UUID, app: App, who: Who) -> TextOut:
    """Read the whole text of an inquiry, also where it is too long for the list."""
    async with app.engine.connect() as connection:
        row = await _read(connection, inquiry_id, who)
    key = row["content"].get("text_key")
    return TextOut(text=(await app.files.get(key)).decode("utf-8", "replace") if key else row["text"])


@router.get(
    "/{inquiry_id}/attachments/{number}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def get_attachment(inquiry_id: UUID, number: int, app: App, who: Who) -> Response:
    """Read a file that came with an inquiry, by its place among them from 1; always to be saved, never to be run."""
    async with app.engine.connect() as connection:
        row = await _read(connection, inquiry_id, who)
    attachments = row["content"].get("attachments") or []
    if not 1 <= number <= len(attachments):
        raise AttachmentMissingError
    found = attachments[number - 1]
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(await app.files.get(found["key"]), headers=headers, media_type=found["content_type"])


@router.post("/{inquiry_id}/move")
async def move(inquiry_id: UUID, body: Move, app: App, who: Who) -> Moved:
    """Tie the inquiry to another lead, or give it one of its own; both decisions are kept."""
    actor = actor_of(who)
    async with app.work() as work:
        viewer = await viewer_of(who, "leads", "move", work.connection)
        command = MoveInquiry(inquiry_id, body.lead_id, actor, viewer, body.reason)
        return Moved(lead_id=await move_inquiry(command, work))
