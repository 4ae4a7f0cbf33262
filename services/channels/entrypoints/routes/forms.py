"""Setting a form up: what a pasted body becomes, and the form to be put into a page."""

from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter

from services.channels.adapters import views
from services.channels.bootstrap import Channels
from services.channels.domain.channel import Channel
from services.channels.domain.errors import NotAFormError
from services.channels.entrypoints.dependencies import App
from services.channels.entrypoints.form_schemas import Pasted
from services.channels.entrypoints.schemas import ChannelOut
from shared.contracts.forms import FormTried, Snippet
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/channels/{channel_id}", tags=["channels"])


async def _form(app: Channels, channel_id: UUID) -> Channel:
    channel = await views.read(app.engine, channel_id)
    if channel.kind != "form":
        raise NotAFormError
    return channel


def _described(app: Channels, channel: Channel) -> dict[str, Any]:
    """Return the channel as the connector gets it, without its secrets."""
    return {**ChannelOut.of(channel, app.hooks_url).model_dump(mode="json"), "secrets": ""}


@router.post("/try")
async def try_body(channel_id: UUID, body: Pasted, app: App, who: Who) -> FormTried:
    """Say what a pasted body would become at this channel, also with settings that are not saved yet.

    Nothing is stored. A body that would be refused is answered as its sender would be.
    """
    who.require("channels", "edit")
    channel = await _form(app, channel_id)
    if body.connection is not None:
        channel = replace(channel, connection=body.connection).checked()
    pasted = body.model_dump(include={"content_type", "text", "base64"}, exclude_none=True)
    return FormTried(**await app.forms.try_body(_described(app, channel), pasted))


@router.get("/snippet")
async def get_snippet(channel_id: UUID, app: App, who: Who, language: Literal["ru", "en"] = "ru") -> Snippet:
    """Give the HTML of a form that is sent to this channel; everything in it may be changed but its address."""
    who.require("channels", "edit")
    channel = await _form(app, channel_id)
    return Snippet(**await app.forms.snippet(_described(app, channel), language))
