"""Moving an inquiry to another lead: where it could go, and the wish itself (B06)."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.application.act_on_lead import WITHIN_S
from services.gateway.application.ports import Owner
from services.gateway.pages.reader import Json
from shared.kernel.errors import InvalidError

RIGHT = "leads.move"
OWN = "new"
"""What a form says instead of a lead's id when the inquiry is to get a lead of its own."""
FOUND_MOST = 8

_OPEN = ("new", "in_work", "converting")


class TargetNeededError(InvalidError):
    """Choose the lead to which the inquiry goes."""

    slug = "move-target-needed"


class MoveReasonNeededError(InvalidError):
    """Say why the inquiry is moved: the record keeps it."""

    slug = "move-reason-needed"


@dataclass(frozen=True, slots=True)
class MoveWish:
    """Where an inquiry is to go and why; `lead_id` None asks for a lead of its own."""

    inquiry_id: UUID
    lead_id: UUID | None
    reason: str


def wish_of(inquiry_id: UUID, form: dict[str, str]) -> MoveWish:
    """Return the wish that a form states; TargetNeededError and MoveReasonNeededError where it lacks something."""
    target, reason = form.get("lead_id", ""), form.get("reason", "").strip()
    try:
        lead_id = None if target == OWN else UUID(target)
    except ValueError as error:
        raise TargetNeededError from error
    if not reason:
        raise MoveReasonNeededError
    return MoveWish(inquiry_id, lead_id, reason)


async def move_inquiry(leads: Owner, token: str, wish: MoveWish) -> UUID:
    """Ask the owner and return the lead to which the inquiry belongs now; his refusals are raised."""
    body = {"lead_id": str(wish.lead_id) if wish.lead_id else None, "reason": wish.reason}
    path = f"/api/v1/inquiries/{wish.inquiry_id}/move"
    moved = await leads.request("POST", path, token=token, json=body, within_s=WITHIN_S)
    return UUID(moved["lead_id"])


async def find_targets(leads: Owner, token: str, q: str, without: UUID) -> list[Json]:
    """Return open leads by number, name or phone, the latest first; without a search those that spoke last."""
    params = [("sort", "-last_inquiry_at"), ("limit", str(FOUND_MOST + 1))]
    params += [("status", status) for status in _OPEN]
    if q.strip():
        params.append(("q", q.strip()))
    page = await leads.get("/api/v1/leads", token=token, params=params)
    return [lead for lead in page["items"] if lead["id"] != str(without)][:FOUND_MOST]
