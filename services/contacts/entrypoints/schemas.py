"""Contacts on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.contacts.domain.contact import Contact, PointGiven
from shared.kernel.contact_points import PointKind

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]+$")
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")]


class PointBody(BaseModel):
    """A contact point as it is typed."""

    model_config = ConfigDict(extra="ignore")

    kind: PointKind
    value: Name
    is_main: bool = False
    is_shared: bool = False
    comment: Text = ""


class ContactPatch(BaseModel):
    """What can be changed about a contact; `points` replaces all of them."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    points: list[PointBody] | None = Field(default=None, max_length=100)
    responsible_id: UUID | None = None
    spam: bool = False

    def changed(self) -> dict[str, Any]:
        """Return the fields that were given, without the points."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"points"}}
        if given.get("name", "") is None:
            del given["name"]
        return given

    def given_points(self) -> list[PointGiven] | None:
        """Return the points in the words of the domain."""
        if self.points is None:
            return None
        return [PointGiven(**item.model_dump()) for item in self.points]


class ContactCreate(ContactPatch):
    """A new contact: the name is needed (S091)."""

    name: Name


class PointOut(PointBody):
    """A contact point with its canonical key."""

    id: UUID
    key: str


class ContactOut(BaseModel):
    """A contact as it is shown."""

    id: UUID
    number: int
    name: str
    points: list[PointOut]
    responsible_id: UUID | None
    spam: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """Return the contact on the wire."""
        values = {name: getattr(contact, name) for name in cls.model_fields if name != "points"}
        names = PointOut.model_fields
        shown = [PointOut(**{name: getattr(item, name) for name in names}) for item in contact.points]
        return cls(**values, points=shown)
