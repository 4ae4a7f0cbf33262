"""Keeping the copy of channels current: their events, and their whole list after every (re)connection."""

import asyncio
import contextlib
from typing import Any, Protocol
from uuid import UUID

import orjson
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from connectors.forms.form_channel import KIND, FormChannel
from connectors.forms.known_channels import KnownChannels
from shared.contracts.channels import ChannelChanged
from shared.contracts.envelope import Envelope
from shared.kernel.errors import VoronkaError
from shared.messaging import topology
from shared.messaging.connection import keep_connected

_AGAIN_S = 1.0
_RELOAD_EVERY_S = 600.0
_PAGE = 200

log = structlog.get_logger(__name__)


class Owner(Protocol):
    """The service that owns the channels."""

    async def get(self, path: str, *, params: Any = None) -> Any:
        """Read; VoronkaError when it cannot be read."""
        ...


class ChannelFeed:
    """Hears of changes through a private queue, which is gone with its connection: then the list is read anew."""

    def __init__(self, url: str, owner: Owner, known: KnownChannels) -> None:
        self._url = url
        self._owner = owner
        self._known = known
        self._stale = asyncio.Event()

    async def run(self) -> None:
        """Follow until cancelled; what is known stays known while the broker or channels are away."""
        self._stale.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_connected(self._url, name="forms.channels", ready=self._listen))
            group.create_task(self._reload_when_stale())

    async def _listen(self, connection: AbstractConnection) -> AbstractChannel:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True, auto_delete=True)
        await queue.bind(topology.EVENTS, ChannelChanged.topic)
        await queue.consume(self._hear, no_ack=True)
        self._stale.set()
        return channel

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        try:
            envelope = Envelope[ChannelChanged].model_validate(orjson.loads(message.body))
        except ValueError as error:
            log.warning("an event of channels is unreadable", error=repr(error))
            return
        self._known.hear(envelope.data)

    async def _reload_when_stale(self) -> None:
        """Read the owner's list when something may have been missed, and from time to time."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RELOAD_EVERY_S):
                    await self._stale.wait()
            self._stale.clear()
            try:
                await self.reload()
            except (VoronkaError, ValueError, TypeError, KeyError) as error:
                log.info("the list of channels could not be read", error=repr(error))
                self._stale.set()
                await asyncio.sleep(_AGAIN_S)

    async def reload(self) -> None:
        """Read all form channels from their owner; VoronkaError when it does not answer."""
        before = self._known.ids()
        present: set[UUID] = set()
        params: dict[str, Any] = {"kind": KIND, "limit": _PAGE}
        while True:
            page = await self._owner.get("/internal/channels", params=params)
            for answer in page["items"]:
                channel = FormChannel.of_answer(answer)
                present.add(channel.id)
                self._known.put(channel)
            if not page.get("next_cursor"):
                break
            params = {**params, "cursor": page["next_cursor"]}
        self._known.keep_only(present, before)
        log.info("channels are known", count=len(self._known))
