"""`/hooks/forms/{key}`: a post becomes an inquiry, or an answer that says why not.

The route is a plain one that reads the raw body: this is the hottest path of the product.
"""

from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response

from connectors.forms import answers, cors
from connectors.forms.bootstrap import Forms
from connectors.forms.form_channel import FormChannel
from connectors.forms.post import Post, read_post
from shared.http.plain import PlainRoute
from shared.kernel.errors import VoronkaError


class _Taken(NamedTuple):
    """A post that lasts: the id of its inquiry, and where the form wishes the person to go."""

    inquiry_id: UUID
    redirect: str = ""


async def take_post(request: Request) -> Response:
    """Take one post: 202 once it is durable, a problem document otherwise."""
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
        taken = await _take(app, channel, post)
    except VoronkaError as error:
        return answers.refused(error, cors.headers(channel, origin))
    finally:
        if post is not None and post.held:
            app.bodies.give_back(post.held)
    if taken is None:
        return answers.probed(cors.headers(channel, origin))
    if "text/html" in request.headers.get("accept", ""):
        return answers.thanked(channel, taken.redirect, origin)
    return answers.accepted(channel, taken.inquiry_id, cors.headers(channel, origin))


async def _take(app: Forms, channel: FormChannel, post: Post) -> _Taken | None:
    """Make the post last as an inquiry, or raw in the quarantine where a fault of ours is in its way; None for a probe."""
    try:
        read = await app.reader.read(post, channel, app.clock())
    except VoronkaError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with us, what was sent is kept
        return _Taken(await app.quarantine.keep(post, channel.id, error))
    if read is None:
        return None
    await app.delivery.deliver(read.inquiry, post.body)
    return _Taken(read.inquiry.inquiry_id, read.redirect)


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
