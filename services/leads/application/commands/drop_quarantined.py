"""Throw away what is in quarantine and of no use; that it was there and why it went is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.leads.application.ports import Quarantine
from services.leads.domain.lead import Actor


@dataclass(frozen=True, slots=True)
class DropQuarantined:
    """Who throws what away, and why."""

    event_id: UUID
    actor: Actor
    reason: str


async def drop_quarantined(command: DropQuarantined, quarantine: Quarantine, now: datetime) -> str:
    """Forget its bytes and return the key under which the file store holds them, empty when it does not.

    The file is deleted by the caller once this is committed: before, the drop could still fail and leave a row without
    its bytes. QuarantinedMissingError, QuarantinedSettledError.
    """
    found = await quarantine.get(command.event_id)
    found.require_new()
    await quarantine.drop(command.event_id, command.actor, command.reason, now)
    return str(found.raw.get("file_key") or "")
