"""Reading contacts for lists and cards: by filters, and by what people type into the search."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.contacts.adapters.repository import with_points
from services.contacts.adapters.tables import contacts, points
from services.contacts.domain.contact import Contact
from services.contacts.domain.errors import ContactMissingError
from shared.http.pages import Listing, Query, as_bool, as_number, as_uuid, fetch
from shared.kernel.contact_points import fold_name, point


def _search(q: str) -> ColumnElement[bool]:
    """Find by parts of the name in any order, a part of a phone's digits or of an address, or «№ 12»."""
    digits = "".join(sign for sign in q if sign.isdigit())
    if q.startswith(("№", "#")) and digits:
        return contacts.c.number == as_number(digits)
    if digits and not any(sign.isalpha() for sign in q):
        return _has_digits(digits)
    return and_(*(contacts.c.search.contains(word, autoescape=True) for word in fold_name(q).split(" ")))


def _has_digits(digits: str) -> ColumnElement[bool]:
    """Return the condition of a number that begins with 8 in the way in which it is dialled inside Russia, too."""
    found = contacts.c.search.contains(digits, autoescape=True)
    if digits.startswith("8") and len(digits) > 1:
        return or_(found, contacts.c.search.contains(f"7{digits[1:]}", autoescape=True))
    return found


def _with_point(values: list[str], kind: str) -> ColumnElement[bool]:
    keys = [found.key for value in values if (found := point(kind, value))]
    return contacts.c.id.in_(select(points.c.contact_id).where(points.c.kind == kind, points.c.key.in_(keys)))


LISTING = Listing(
    table_id=contacts.c.id,
    sorts={
        "name": contacts.c.name,
        "number": contacts.c.number,
        "created_at": contacts.c.created_at,
        "updated_at": contacts.c.updated_at,
    },
    default_sort="name",
    filters={
        "responsible_id": lambda values: contacts.c.responsible_id.in_([as_uuid(value) for value in values]),
        "number": lambda values: contacts.c.number.in_(list(map(as_number, values))),
        "spam": lambda values: contacts.c.spam.in_(list(map(as_bool, values))),
        "phone": lambda values: _with_point(values, "phone"),
        "email": lambda values: _with_point(values, "email"),
    },
    search=_search,
    updated=contacts.c.updated_at,
)
"""What the list of contacts can be asked."""


async def list_page(engine: AsyncEngine, query: Query) -> tuple[Sequence[Contact], str | None]:
    """Return the contacts of one page with their points, and the cursor of the next."""
    async with engine.connect() as connection:
        rows, cursor = await fetch(connection, select(contacts), query, LISTING)
        return await with_points(connection, rows), cursor


async def read(engine: AsyncEngine, contact_id: UUID) -> Contact:
    """Return one contact with its points; ContactMissingError if there is none."""
    async with engine.connect() as connection:
        row = (
            (await connection.execute(select(contacts).where(contacts.c.id == contact_id))).mappings().first()
        )
        if row is None:
            raise ContactMissingError
        return (await with_points(connection, [row]))[0]
