"""Events of contacts: whole public state of a person or company with a version."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.contracts.base import Contract, Part

PointKind = Literal["phone", "email", "vk", "telegram"]


class ContactPoint(Part):
    """A value to dial or write to and the canonical key to match by (B09).

    A shared point (switchboard, info@) matches the company and never a person.
    """

    id: UUID
    kind: PointKind
    value: str
    key: str
    is_main: bool = False
    is_shared: bool = False


class ContactChanged(Contract):
    """A contact was created or changed; a tombstone (`deleted`) carries no personal data."""

    topic: ClassVar[str] = "contacts.contact-changed.v1"

    contact_id: UUID
    version: int
    number: int
    type: Literal["person", "company"] = "person"
    name: str = ""
    points: tuple[ContactPoint, ...] = ()
    responsible_id: UUID | None = None
    spam: bool = False
    deleted: bool = False
