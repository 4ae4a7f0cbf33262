"""Contacts over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contacts.adapters import views
from services.contacts.application.commands.change_contact import ChangeContact, change_contact
from services.contacts.application.commands.create_contact import CreateContact, create_contact
from services.contacts.entrypoints.dependencies import App
from services.contacts.entrypoints.schemas import ContactCreate, ContactOut, ContactPatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Page, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/contacts", tags=["contacts"])


@router.get("")
async def list_contacts(request: Request, app: App, who: Who) -> Page[ContactOut]:
    """List contacts."""
    who.require("contacts", "read")
    found, cursor = await views.list_page(app.engine, parse(request, views.LISTING))
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
    contact = await views.read(app.engine, contact_id)
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
