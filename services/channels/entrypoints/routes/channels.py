"""Channels over HTTP."""

import re
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from services.channels.adapters import views
from services.channels.application.commands.change_channel import ChangeChannel, change_channel
from services.channels.application.commands.create_channel import CreateChannel, create_channel
from services.channels.bootstrap import Channels
from services.channels.domain.errors import ChannelMissingError
from services.channels.entrypoints.dependencies import App
from services.channels.entrypoints.schemas import ChannelCreate, ChannelInternal, ChannelOut, ChannelSettings
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Page, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/channels", tags=["channels"])
internal = APIRouter(prefix="/internal/channels", include_in_schema=False)

_KEY = re.compile(r"[\w-]{8,64}")


def _sealed(app: Channels, body: ChannelSettings) -> dict[str, Any]:
    """Return the secrets of a request as ciphertext, if any were given; an empty object takes them away."""
    if body.secrets is None:
        return {}
    if not body.secrets:
        return {"secrets": ""}
    return {"secrets": app.keys.seal(orjson.dumps(body.secrets).decode(), purpose="channel")}


@router.get("")
async def list_channels(request: Request, app: App, who: Who) -> Page[ChannelOut]:
    """List channels."""
    who.require("channels", "read")
    found, cursor = await views.list_page(app.engine, parse(request, views.LISTING))
    return Page(items=[ChannelOut.of(channel, app.hooks_url) for channel in found], next_cursor=cursor)


@router.post("", status_code=201)
async def add_channel(body: ChannelCreate, response: Response, app: App, who: Who) -> ChannelOut:
    """Create a channel; it has its key and address at once."""
    who.require("channels", "edit")
    settings = {**body.changed(), **_sealed(app, body)}
    name = settings.pop("name")
    async with app.work() as work:
        command = CreateChannel(body.kind, body.provider, name, settings)
        channel = await create_channel(command, work, app.clock())
    put_etag(response, channel.version)
    return ChannelOut.of(channel, app.hooks_url)


@router.get("/{channel_id}")
async def get_channel(channel_id: UUID, response: Response, app: App, who: Who) -> ChannelOut:
    """Read one channel."""
    who.require("channels", "read")
    channel = await views.read(app.engine, channel_id)
    put_etag(response, channel.version)
    return ChannelOut.of(channel, app.hooks_url)


@router.patch("/{channel_id}")
async def patch_channel(
    channel_id: UUID, body: ChannelSettings, request: Request, response: Response, app: App, who: Who
) -> ChannelOut:
    """Change settings of a channel; needs If-Match."""
    who.require("channels", "edit")
    settings = {**body.changed(), **_sealed(app, body)}
    async with app.work() as work:
        command = ChangeChannel(channel_id, settings, if_match(request))
        with showing_current(lambda current: ChannelOut.of(current, app.hooks_url)):
            channel = await change_channel(command, work, app.clock())
    put_etag(response, channel.version)
    return ChannelOut.of(channel, app.hooks_url)


@internal.get("")
async def list_sealed(request: Request, app: App, who: Who) -> Page[ChannelInternal]:
    """List channels for a connector that rebuilds its copy."""
    who.require_unit()
    found, cursor = await views.list_page(app.engine, parse(request, views.LISTING))
    items = [ChannelInternal.sealed(channel, app.hooks_url) for channel in found]
    return Page(items=items, next_cursor=cursor)


@internal.get("/by-key/{key}")
async def get_by_key(key: str, app: App, who: Who) -> ChannelInternal:
    """Look up a channel by the key in its address, for connectors that do not know it yet."""
    who.require_unit()
    if not _KEY.fullmatch(key):
        raise ChannelMissingError
    return ChannelInternal.sealed(await views.read_by_key(app.engine, key), app.hooks_url)
