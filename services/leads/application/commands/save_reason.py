"""Create and change rejection reasons, an editable directory (S067)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.leads.application.ports import RejectionReasons
from services.leads.domain.reason import RejectionReason
from shared.kernel.errors import StaleVersionError
from shared.kernel.ids import new_id


async def create_reason(settings: dict[str, Any], reasons: RejectionReasons) -> RejectionReason:
    """Store a reason; without a position it comes last."""
    reason = RejectionReason(id=new_id(), **{"position": await reasons.last_position() + 1, **settings})
    await reasons.add(reason)
    return reason


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """`version` is the one that the caller saw; None skips the comparison."""

    reason_id: UUID
    settings: dict[str, Any]
    version: int | None = None


async def change_reason(command: ChangeReason, reasons: RejectionReasons) -> RejectionReason:
    """Change a reason; leads that were rejected with it show its new name. StaleVersionError, ReasonMissingError."""
    before = await reasons.get(command.reason_id)
    if command.version is not None and command.version != before.version:
        raise StaleVersionError(current=before)
    reason = before.change(command.settings)
    await reasons.save(reason)
    return reason
