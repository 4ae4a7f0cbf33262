"""Create a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contacts.application.ports import Work
from services.contacts.application.published import contact_changed
from services.contacts.domain.contact import Contact, PointGiven, canonical_points
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateContact:
    """A name and the points to reach the person by."""

    name: str
    points: Sequence[PointGiven] = ()
    responsible_id: UUID | None = None
    spam: bool = False


async def create_contact(command: CreateContact, work: Work, now: datetime) -> Contact:
    """Store the contact and tell the others; PointUnreadableError, PointTwiceError."""
    contact = await work.contacts.add(
        Contact(
            id=new_id(),
            name=command.name,
            created_at=now,
            updated_at=now,
            responsible_id=command.responsible_id,
            spam=command.spam,
            points=canonical_points(command.points),
        )
    )
    await work.publish(contact_changed(contact), aggregate=contact.id)
    return contact
