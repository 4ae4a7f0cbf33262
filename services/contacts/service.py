"""The declaration of contacts."""

from pathlib import Path

from services.contacts import bootstrap
from services.contacts.adapters.tables import metadata
from services.contacts.entrypoints.routes import contacts
from services.contacts.settings import ContactsSettings
from shared.runtime.declaration import Database, Unit

SERVICE = Unit(
    name="contacts",
    title="Контакты",
    settings=ContactsSettings,
    build=bootstrap.build,
    routers=(contacts.router,),
    database=Database(metadata, Path(__file__).parent / "migrations" / "versions"),
)
