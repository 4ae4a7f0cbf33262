"""The composition root of forms."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from connectors.forms.body_reader import BodyReader
from connectors.forms.channel_feed import ChannelFeed
from connectors.forms.channel_lookup import ChannelLookup
from connectors.forms.delivery import Delivery
from connectors.forms.floods import Floods
from connectors.forms.known_channels import KnownChannels
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.quarantine import Quarantine
from connectors.forms.rate_limit import RateLimit
from connectors.forms.reading import Reader
from connectors.forms.settings import FormsSettings
from connectors.forms.uploads import Uploads
from connectors.forms.visitors import Visitors
from shared.files.store import FileStore
from shared.http.client import UnitClient
from shared.http.client_address import TrustedProxies
from shared.kernel.clock import Clock
from shared.runtime.declaration import Resources


@dataclass(frozen=True, slots=True)
class Forms:
    """The composed application."""

    visitors: Visitors
    floods: Floods
    bodies: BodyReader
    channels: ChannelLookup
    known: KnownChannels
    feed: ChannelFeed
    reader: Reader
    files: FileStore
    delivery: Delivery
    quarantine: Quarantine
    clock: Clock
    hooks_url: str


@asynccontextmanager
async def build(resources: Resources) -> AsyncIterator[Forms]:
    """Compose the application from what the runtime opened."""
    settings: FormsSettings = resources.settings
    owner = UnitClient(settings.channels_url, resources.signer)
    known = KnownChannels()
    files = FileStore(settings.files_url, clock=resources.clock)
    timeout_s = settings.publish_timeout_ms / 1000
    uploads = Uploads(files, resources.clock)
    reader = Reader(field_table(), files, uploads, settings.files_timeout_ms / 1000)
    try:
        yield Forms(
            visitors=Visitors(
                TrustedProxies.parse(settings.trusted_proxies), RateLimit(settings.posts_per_minute)
            ),
            floods=Floods(),
            bodies=BodyReader(),
            known=known,
            channels=ChannelLookup(known, owner, within_s=settings.lookup_timeout_ms / 1000),
            feed=ChannelFeed(settings.amqp_url, owner, known),
            reader=reader,
            files=files,
            delivery=Delivery(resources.door(), files, resources.clock, within_s=timeout_s),
            quarantine=Quarantine(resources.door(), reader, files, resources.clock, within_s=timeout_s),
            clock=resources.clock,
            hooks_url=settings.hooks_url.rstrip("/"),
        )
    finally:
        await owner.close()


async def follow_channels(app: Forms, _: Resources) -> None:
    """Keep the copy of channels current; runs in every process."""
    await app.feed.run()


async def sweep_files(app: Forms, resources: Resources) -> None:
    """Delete files that no inquiry names; runs where the worker runs, and only if leads is known."""
    if not resources.settings.leads_url:
        await asyncio.Event().wait()  # a job lasts as long as its process
    leads = UnitClient(resources.settings.leads_url, resources.signer)
    try:
        await app.reader.uploads.sweep_for_ever(leads)
    finally:
        await leads.close()
