"""What the use cases need from outside."""

from typing import Protocol
from uuid import UUID

from services.contacts.domain.contact import Contact
from shared.contracts.base import Contract


class ContactRepository(Protocol):
    """Contacts as aggregates."""

    async def add(self, contact: Contact) -> Contact:
        """Store a new contact and return it with its number."""
        ...

    async def get(self, contact_id: UUID) -> Contact:
        """Return the contact, locked; ContactMissingError if there is none."""
        ...

    async def save(self, contact: Contact) -> None:
        """Store a changed contact and its points."""
        ...


class Work(Protocol):
    """One transaction."""

    @property
    def contacts(self) -> ContactRepository:
        """The contacts."""
        ...

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        ...
