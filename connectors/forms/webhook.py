"""`/hooks/forms/{key}`: a post becomes an inquiry, or an answer that says why not.

The route is a plain one that reads the raw body: this is the hottest path of the product.
"""

import asyncio

from fastapi import Request, Response

from connectors.forms import answers, cors
from connectors.forms.bootstrap import Forms
from connectors.forms.form_channel import FormChannel
from connectors.forms.inquiry import complete, compose, external_id
from connectors.forms.post import Post, read_post
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack_cookies
from shared.http.plain import PlainRoute
from shared.kernel.errors import VoronkaError

_READ_ASIDE = 4 * 1024  # bytes; a larger body is read in a thread, so that the others do not wait for it


async def take_post(request: Request) -> Response:
    """Take one post: 202 once the broker holds it, a problem document otherwise."""
    app: Forms = request.app.state.app
    origin = request.headers.get("origin", "")
    channel: FormChannel | None = None
    try:
        address = app.visitors.admit(request)
        channel = await app.channels.find(request.path_params["key"])
        cors.check_origin(channel, origin)
        post = await read_post(request, address)
        entries = await _entries(post)
        if is_probe(entries):
            return answers.probed(cors.headers(channel, origin))
        said = await _understood(app, channel, entries, post)
        complete(said, post)
        inquiry = await compose(
            said,
            post,
            channel_id=channel.id,
            event_id=external_id(post, said, event_id(entries)),
            files=app.files,
            now=app.clock(),
        )
        await app.delivery.deliver(inquiry, post.body)
    except VoronkaError as error:
        return answers.refused(error, cors.headers(channel, origin))
    if "text/html" in request.headers.get("accept", ""):
        return answers.thanked(channel, said.redirect, origin)
    return answers.accepted(channel, inquiry.inquiry_id, cors.headers(channel, origin))


async def _entries(post: Post) -> list[Entry]:
    if len(post.body) <= _READ_ASIDE:
        return read_body(post.body, post.content_type)
    return await asyncio.to_thread(read_body, post.body, post.content_type)


async def _understood(app: Forms, channel: FormChannel, entries: list[Entry], post: Post) -> Understood:
    entries = unpack_cookies(entries)
    if len(post.body) <= _READ_ASIDE:
        return translate(entries, app.table, channel.traps)
    return await asyncio.to_thread(translate, entries, app.table, channel.traps)


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
