"""Contacts in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.adapters.tables import contacts, points
from services.contacts.domain.contact import Contact, ContactPoint
from services.contacts.domain.errors import ContactMissingError
from shared.kernel.contact_points import fold_name


class SqlContactRepository:
    """Stores contacts through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, contact: Contact) -> Contact:
        """Store a new contact and return it with its number."""
        statement = contacts.insert().values(**_row(contact)).returning(contacts.c.number)
        number = (await self._connection.execute(statement)).scalar_one()
        await self._put_points(contact)
        return replace(contact, number=number)

    async def get(self, contact_id: UUID) -> Contact:
        """Return the contact, locked; ContactMissingError if there is none."""
        statement = select(contacts).where(contacts.c.id == contact_id).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise ContactMissingError
        return (await with_points(self._connection, [row]))[0]

    async def save(self, contact: Contact) -> None:
        """Store a changed contact and its points."""
        await self._connection.execute(
            contacts.update().where(contacts.c.id == contact.id).values(**_row(contact))
        )
        await self._connection.execute(delete(points).where(points.c.contact_id == contact.id))
        await self._put_points(contact)

    async def _put_points(self, contact: Contact) -> None:
        rows = [
            {
                "id": item.id,
                "contact_id": contact.id,
                "kind": item.kind,
                "value": item.value,
                "key": item.key,
                "position": position,
                "is_main": item.is_main,
                "is_shared": item.is_shared,
                "comment": item.comment,
            }
            for position, item in enumerate(contact.points)
        ]
        if rows:
            await self._connection.execute(points.insert(), rows)


async def with_points(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[Contact]:
    """Return the contacts of some rows with their points, in one more query."""
    ids = [row["id"] for row in rows]
    statement = select(points).where(points.c.contact_id.in_(ids)).order_by(points.c.position)
    found: dict[UUID, list[ContactPoint]] = {}
    for row in (await connection.execute(statement)).mappings():
        item = ContactPoint(
            row["id"], row["kind"], row["value"], row["key"], row["is_main"], row["is_shared"], row["comment"]
        )
        found.setdefault(row["contact_id"], []).append(item)
    return [
        Contact(
            id=row["id"],
            name=row["name"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            number=row["number"],
            version=row["version"],
            responsible_id=row["responsible_id"],
            spam=row["spam"],
            points=tuple(found.get(row["id"], ())),
        )
        for row in rows
    ]


def _searched(contact: Contact) -> str:
    """Return what a search looks into: the folded name, the keys, and the values where they read differently."""
    values = (item.value.lower() for item in contact.points if item.kind != "phone")
    return " ".join(dict.fromkeys([fold_name(contact.name), *(item.key for item in contact.points), *values]))


def _row(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "version": contact.version,
        "name": contact.name,
        "responsible_id": contact.responsible_id,
        "spam": contact.spam,
        "search": _searched(contact),
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }
