"""Reading everything about one lead: only the lead itself must be there, the other parts fail alone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

import structlog

from services.gateway.application.ports import Owner
from services.gateway.pages.reader import Json
from shared.kernel.errors import UnauthorizedError, VoronkaError

INQUIRIES_MOST = 200

Part = Literal["inquiries", "history", "decisions"]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class LeadParts:
    """What the owner said about a lead; `failed` names the parts about which he did not."""

    lead: Json
    inquiries: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    decisions: list[Json] = field(default_factory=list)
    failed: list[Part] = field(default_factory=list)


async def read_lead(leads: Owner, token: str, lead_id: UUID) -> LeadParts:
    """Read the parts at once; MissingError if the reader sees no such lead, BusyError when its owner is away."""
    parts = LeadParts({})

    async def lead() -> None:
        parts.lead = await leads.get(f"/api/v1/leads/{lead_id}", token=token)

    async def inquiries() -> None:
        parts.inquiries = await _inquiries(leads, token, lead_id)
        if parts.inquiries:
            await _alone("decisions", decisions, parts)

    async def decisions() -> None:
        first = parts.inquiries[-1]["id"]
        parts.decisions = (await leads.get(f"/api/v1/inquiries/{first}/decisions", token=token))["items"]

    async def history() -> None:
        parts.history = (await leads.get(f"/api/v1/leads/{lead_id}/history", token=token))["items"]

    done = await asyncio.gather(
        lead(),
        _alone("inquiries", inquiries, parts),
        _alone("history", history, parts),
        return_exceptions=True,
    )
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return parts


async def _inquiries(leads: Owner, token: str, lead_id: UUID) -> list[Json]:
    """Return the inquiries, newest first; of very many the newest and the very first one."""
    about = [("lead_id", str(lead_id))]
    page = await leads.get("/api/v1/inquiries", token=token, params=[*about, ("limit", str(INQUIRIES_MOST))])
    found: list[Json] = page["items"]
    if page["next_cursor"] is not None:
        first = [*about, ("limit", "1"), ("sort", "received_at")]
        found = [*found, *(await leads.get("/api/v1/inquiries", token=token, params=first))["items"]]
    return found


async def _alone(part: Part, read: Callable[[], Awaitable[None]], parts: LeadParts) -> None:
    """Read a part; its failure is noted and keeps nothing else from being shown."""
    try:
        await read()
    except UnauthorizedError:
        raise
    except VoronkaError as error:
        log.warning("a part of a lead was not read", part=part, error=error.detail)
        parts.failed.append(part)
