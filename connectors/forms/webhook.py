"""`/hooks/forms/{key}`: a post becomes an inquiry, or an answer that says why not.

The route is a plain one that reads the raw body: this is the hottest path of the product.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from fastapi import Request, Response

from connectors.forms import answers, cors
from connectors.forms.bootstrap import Forms
from connectors.forms.form_channel import TILDA, FormChannel
from connectors.forms.inquiry import complete, compose, external_id
from connectors.forms.post import Post, read_post
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack
from shared.contracts.inquiries import InquiryReceived
from shared.files.errors import FileStoreAwayError
from shared.http.plain import PlainRoute
from shared.kernel.errors import VoronkaError
from shared.kernel.ids import inquiry_id

Composing = Callable[..., Awaitable[InquiryReceived]]

_READ_ASIDE = 4 * 1024  # bytes; a larger body is read in a thread, so that the others do not wait for it
_TILDA_FILES_S = 3.0  # of the 5 s that it waits in all; channels and the broker have their own limits


async def take_post(request: Request) -> Response:
    """Take one post: 202 once the broker holds it, a problem document otherwise."""
    app: Forms = request.app.state.app
    origin = request.headers.get("origin", "")
    channel: FormChannel | None = None
    post: Post | None = None
    try:
        address = app.visitors.admit(request)
        channel = await app.channels.find(request.path_params["key"])
        cors.check_origin(channel, origin)
        app.floods.admit(channel)
        post = await read_post(request, address, app.bodies)
        files: list[File] = []
        entries = await _entries(post, files)
        if is_probe(entries):
            return answers.probed(cors.headers(channel, origin))
        said = await _understood(app, channel, entries, post)
        now = app.clock()
        complete(said, post, channel, now)
        event = external_id(post, said, event_id(entries))
        composing = partial(
            compose, said, post, channel_id=channel.id, event_id=event, files=app.files, now=now
        )
        if len(post.body) <= _READ_ASIDE and not files:
            inquiry = await composing()
        else:
            inquiry = await _with_files(app, channel, composing, inquiry_id(channel.id, event), files)
        await app.delivery.deliver(inquiry, post.body)
    except VoronkaError as error:
        return answers.refused(error, cors.headers(channel, origin))
    finally:
        if post is not None and post.held:
            app.bodies.give_back(post.held)
    if "text/html" in request.headers.get("accept", ""):
        return answers.thanked(channel, said.redirect, origin)
    return answers.accepted(channel, inquiry.inquiry_id, cors.headers(channel, origin))


async def _entries(post: Post, files: list[File]) -> list[Entry]:
    if len(post.body) <= _READ_ASIDE:
        return read_body(post.body, post.content_type, files)
    return await asyncio.to_thread(read_body, post.body, post.content_type, files)


async def _understood(app: Forms, channel: FormChannel, entries: list[Entry], post: Post) -> Understood:
    entries = unpack(entries)
    if len(post.body) <= _READ_ASIDE:
        return translate(entries, app.table, channel.traps, channel.mapping)
    return await asyncio.to_thread(translate, entries, app.table, channel.traps, channel.mapping)


async def _with_files(
    app: Forms, channel: FormChannel, composing: Composing, inquiry_id: UUID, files: list[File]
) -> InquiryReceived:
    """Return the inquiry once what goes to the file store is there; FileStoreAwayError when that takes too long."""
    try:
        async with asyncio.timeout(_TILDA_FILES_S if channel.provider == TILDA else app.files_within_s):
            return await composing(attachments=await app.uploads.store(inquiry_id, files))
    except TimeoutError as error:
        raise FileStoreAwayError from error


async def answer_preflight(request: Request) -> Response:
    """Answer a browser that asks whether a page may post here."""
    app: Forms = request.app.state.app
    origin = request.headers.get("origin", "")
    try:
        channel = await app.channels.find(request.path_params["key"])
    except VoronkaError as error:
        return answers.refused(error, cors.headers(None, origin))
    return Response(status_code=204, headers=cors.preflight_headers(channel, origin))


ROUTES = (
    PlainRoute("/hooks/forms/{key}", take_post, methods=["POST"]),
    PlainRoute("/hooks/forms/{key}", answer_preflight, methods=["OPTIONS"]),
)
