"""Change a contact, unless somebody else changed it meanwhile (B25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contacts.application.ports import Work
from services.contacts.application.published import contact_changed
from services.contacts.domain.contact import Contact, PointGiven, canonical_points
from shared.kernel.errors import StaleVersionError


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """`points` None leaves them as they are; `version` None skips the comparison."""

    contact_id: UUID
    settings: dict[str, Any]
    points: Sequence[PointGiven] | None = None
    version: int | None = None


async def change_contact(command: ChangeContact, work: Work, now: datetime) -> Contact:
    """Store the change and tell the others; StaleVersionError carries the current contact."""
    before = await work.contacts.get(command.contact_id)
    if command.version is not None and command.version != before.version:
        raise StaleVersionError(current=before)
    settings = dict(command.settings)
    if command.points is not None:
        settings["points"] = canonical_points(command.points, before.points)
    contact = before.change(settings, now)
    await work.contacts.save(contact)
    await work.publish(contact_changed(contact), aggregate=contact.id)
    return contact
