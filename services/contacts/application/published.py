"""From the state of a contact to what the others may know of it."""

from services.contacts.domain.contact import Contact
from shared.contracts.contacts import ContactChanged, ContactPoint


def contact_changed(contact: Contact) -> ContactChanged:
    """Return the whole public state of the contact."""
    return ContactChanged(
        contact_id=contact.id,
        version=contact.version,
        number=contact.number,
        name=contact.name,
        points=tuple(
            ContactPoint(
                id=item.id,
                kind=item.kind,
                value=item.value,
                key=item.key,
                is_main=item.is_main,
                is_shared=item.is_shared,
            )
            for item in contact.points
        ),
        responsible_id=contact.responsible_id,
        spam=contact.spam,
    )
