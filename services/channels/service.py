"""The declaration of channels."""

from pathlib import Path

from services.channels import bootstrap
from services.channels.adapters.tables import metadata
from services.channels.entrypoints.routes import channels, forms
from services.channels.settings import ChannelsSettings
from shared.runtime.declaration import Database, Unit

SERVICE = Unit(
    name="channels",
    title="Каналы",
    settings=ChannelsSettings,
    build=bootstrap.build,
    routers=(channels.router, forms.router, channels.internal),
    database=Database(metadata, Path(__file__).parent / "migrations" / "versions"),
)
