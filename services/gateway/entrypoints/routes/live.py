"""The live stream: one for each browser."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.gateway.application.streams import Stream
from services.gateway.domain.audience import Listener
from services.gateway.entrypoints.asking import as_part
from services.gateway.entrypoints.dependencies import App, SignedIn
from services.gateway.entrypoints.live_stream import events, listener_of, moment_of

router = APIRouter(include_in_schema=False)


async def opened(
    app: App, who: SignedIn, since: str = "", last_event_id: Annotated[str | None, Header()] = None
) -> AsyncIterator[Stream]:
    """Open the stream of this page for as long as it is answered; what it missed since then comes first."""
    listener = listener_of(who.session, await app.known.teams.get())
    with app.streams.open(who.session.token, listener, moment_of(last_event_id or since)) as stream:
        yield stream


@router.get("/live", dependencies=[Depends(as_part)], response_class=EventSourceResponse)
async def live(app: App, stream: Annotated[Stream, Depends(opened)]) -> AsyncIterator[ServerSentEvent]:
    """Tell the page what changed: type, id and version only."""

    async def renew() -> Listener:
        return listener_of(await app.sessions.of(stream.token), await app.known.teams.get())

    async for event in events(stream, renew):
        yield event
