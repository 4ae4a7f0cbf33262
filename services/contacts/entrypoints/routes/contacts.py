"""Contacts over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import ColumnElement, and_, or_, select

from services.contacts.adapters.repository import with_points
from services.contacts.adapters.tables import contacts, points
from services.contacts.application.commands.change_contact import ChangeContact, change_contact
from services.contacts.application.commands.create_contact import CreateContact, create_contact
from services.contacts.domain.errors import ContactMissingError
from services.contacts.entrypoints.dependencies import App
from services.contacts.entrypoints.schemas import ContactCreate, ContactOut, ContactPatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Listing, Page, as_bool, as_number, as_uuid, fetch, parse
from shared.http.tokens import Who
from shared.kernel.contact_points import fold_name, point

router = APIRouter(prefix="/api/v1/contacts", tags=["contacts"])


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


_LISTING = Listing(
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


@router.get("")
async def list_contacts(request: Request, app: App, who: Who) -> Page[ContactOut]:
    """List contacts."""
    who.require("contacts", "read")
    query = parse(request, _LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await fetch(connection, select(contacts), query, _LISTING)
        found = await with_points(connection, rows)
    return Page(items=[ContactOut.of(contact) for contact in found], next_cursor=cursor)


@router.post("", status_code=201)
async def add_contact(body: ContactCreate, response: Response, app: App, who: Who) -> ContactOut:
    """Create a contact."""
    who.require("contacts", "edit")
    command = CreateContact(body.name, body.given_points() or (), body.responsible_id, body.spam)
    async with app.work() as work:
        contact = await create_contact(command, work, app.clock())
    put_etag(response, contact.version)
    return ContactOut.of(contact)


@router.get("/{contact_id}")
async def get_contact(contact_id: UUID, response: Response, app: App, who: Who) -> ContactOut:
    """Read one contact."""
    who.require("contacts", "read")
    async with app.engine.connect() as connection:
        row = (
            (await connection.execute(select(contacts).where(contacts.c.id == contact_id))).mappings().first()
        )
        if row is None:
            raise ContactMissingError
        contact = (await with_points(connection, [row]))[0]
    put_etag(response, contact.version)
    return ContactOut.of(contact)


@router.patch("/{contact_id}")
async def patch_contact(
    contact_id: UUID, body: ContactPatch, request: Request, response: Response, app: App, who: Who
) -> ContactOut:
    """Change a contact; needs If-Match."""
    who.require("contacts", "edit")
    async with app.work() as work:
        command = ChangeContact(contact_id, body.changed(), body.given_points(), if_match(request))
        with showing_current(ContactOut.of):
            contact = await change_contact(command, work, app.clock())
    put_etag(response, contact.version)
    return ContactOut.of(contact)
