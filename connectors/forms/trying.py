"""For channels alone: what a pasted body would become at an address, and the form to be put into a page.

Nothing is stored and nothing is published; the settings may be ones that are not saved yet.
"""

import asyncio
import base64
import binascii
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from connectors.forms.bootstrap import Forms
from connectors.forms.form_channel import FormChannel
from connectors.forms.inquiry import complete
from connectors.forms.post import Post
from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import meanings, translate
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack
from connectors.forms.script import PATH as SCRIPT_PATH
from connectors.forms.tried import tried
from shared.contracts.forms import FormTried, Snippet
from shared.http.tokens import Who
from shared.kernel.errors import InvalidError

router = APIRouter(prefix="/internal/forms", include_in_schema=False)

_SNIPPETS = {name: Path(__file__).parent / "pages" / f"snippet_{name}.html" for name in ("ru", "en")}


def composed(request: Request) -> Forms:
    """Return the composed application."""
    app: Forms = request.app.state.app
    return app


App = Annotated[Forms, Depends(composed)]


class Described(BaseModel):
    """A form's channel, as channels describes it."""

    channel: dict[str, Any]

    def form_channel(self) -> FormChannel:
        """Return the channel; InvalidError when it is none."""
        try:
            return FormChannel.of_answer(self.channel)
        except ValueError as error:
            raise InvalidError("this is not a channel") from error


class Pasted(Described):
    """A body and what was said of it."""

    content_type: str = Field("", max_length=500)
    text: str | None = None
    base64: str | None = None

    def body(self) -> bytes:
        """Return the bytes; InvalidError when they are not base64."""
        if self.base64 is None:
            return (self.text or "").encode("utf-8", "replace")
        try:
            return base64.b64decode(self.base64, validate=True)
        except binascii.Error as error:
            raise InvalidError("the body is not base64") from error


class Wanted(Described):
    """Whose form is wanted, and in which language."""

    language: Literal["ru", "en"] = "ru"


@router.post("/try")
async def try_body(pasted: Pasted, app: App, who: Who) -> FormTried:
    """Say what a body would become; the errors that its sender would get."""
    who.require_unit()
    return await asyncio.to_thread(
        _tried, app, pasted.form_channel(), Post(pasted.body(), pasted.content_type)
    )


def _tried(app: Forms, channel: FormChannel, post: Post) -> FormTried:
    files: list[File] = []
    entries = read_body(post.body, post.content_type, files)
    if is_probe(entries) and not files:
        return FormTried(is_probe=True)
    opened = unpack(entries)
    said = translate(opened, app.reader.table, channel.traps, channel.mapping)
    complete(said, post, channel, app.clock())
    key = event_id(entries) or said.submission_id
    return tried(said, key, files, meanings(opened, app.reader.table, channel.mapping))


@router.post("/snippet")
async def give_snippet(wanted: Wanted, app: App, who: Who) -> Snippet:
    """Give the HTML of a form that is sent to the channel."""
    who.require_unit()
    channel = wanted.form_channel()
    hook_url, script_url = f"{app.hooks_url}/hooks/forms/{channel.key}", f"{app.hooks_url}{SCRIPT_PATH}"
    values = {
        "key": channel.key,
        "hook_url": hook_url,
        "script_url": script_url,
        "consent_version": channel.consent_version or "1",
    }
    html = _snippet(wanted.language).substitute({name: escape(value) for name, value in values.items()})
    return Snippet(html=html, script_url=script_url, hook_url=hook_url)


@cache
def _snippet(language: str) -> Template:
    return Template(_SNIPPETS[language].read_text(encoding="utf-8"))
