"""Publishing many messages in one write and waiting for their confirms together.

A publish through the client library costs more CPU than everything that intake does with an inquiry. The frames of the
wire (AMQP 0-9-1, sections 4.2.3 and 4.2.6) are simple, so a wave of messages is laid out here at once; confirms,
closing and errors stay the library's.
"""

import asyncio
import contextlib
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp import commands, frame

from shared.contracts.envelope import CONTENT_TYPE

LARGEST_BODY = 100_000
"""Bytes that surely fit into one frame; larger messages go the library's way."""

LARGEST_WRITE = 1_000_000
"""Bytes that are written at once; the next ones wait until these have left."""

_HEADER, _BODY = 2, 3
_BASIC = 60
_END = b"\xce"
_PROPERTIES = 1 << 15 | 1 << 12 | 1 << 7 | 1 << 5  # content type, delivery mode, message id, type
_PERSISTENT = 2


class Event(NamedTuple):
    """A message that may have no listener."""

    exchange: str
    topic: str
    message_id: str
    body: bytes


async def publish_wave(channel: Channel, events: Sequence[Event], *, within_s: float) -> list[bool]:
    """Publish events of at most LARGEST_BODY bytes in their order; say of each whether the broker confirmed it.

    What is not confirmed in time, or was when the channel closed, is in doubt. While the broker has blocked
    publishing, nothing is written.
    """
    waiting: list[asyncio.Future[object]] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            for messages in _writes(events, channel.number):
                await channel.connection.ready()
                async with channel.lock:
                    await _write(channel, messages, waiting)
            await asyncio.wait(waiting)
    return [_confirmed(confirmation) for confirmation in waiting] + [False] * (len(events) - len(waiting))


def _writes(events: Sequence[Event], channel: int) -> Iterator[list[bytes]]:
    """Gather the frames of messages into writes of at most LARGEST_WRITE bytes."""
    gathered: list[bytes] = []
    size = 0
    for event in events:
        laid_out = frames(event, channel)
        if gathered and size + len(laid_out) > LARGEST_WRITE:
            yield gathered
            gathered, size = [], 0
        gathered.append(laid_out)
        size += len(laid_out)
    if gathered:
        yield gathered


async def _write(channel: Channel, messages: list[bytes], waiting: list["asyncio.Future[object]"]) -> None:
    """Write messages and wait until they have left; their confirmations join those waited for once they are written.

    The broker counts the messages that it sees: the tags of those that never got into the queue are used again.
    """
    before = channel.delivery_tag
    drained = channel.create_future()
    confirmations = {before + place: channel.create_future() for place, _ in enumerate(messages, 1)}
    channel.delivery_tag += len(messages)
    channel.confirmations.update(confirmations)
    try:
        await channel.write_queue.put(
            ChannelFrame(payload=b"".join(messages), should_close=False, drain_future=drained)
        )
    except BaseException:
        channel.delivery_tag = before
        for tag, confirmation in confirmations.items():
            channel.confirmations.pop(tag, None)
            confirmation.cancel()
        drained.cancel()
        raise
    waiting += confirmations.values()
    try:
        await asyncio.wait({drained})
    finally:
        drained.cancel()


def _confirmed(confirmation: "asyncio.Future[object]") -> bool:
    if not confirmation.done():
        confirmation.cancel()
        return False
    return not confirmation.cancelled() and confirmation.exception() is None


def frames(event: Event, channel: int) -> bytes:
    """Return the three frames of a persistent message, as they go over the wire."""
    properties = b"".join(
        (
            _short(CONTENT_TYPE),
            bytes((_PERSISTENT,)),
            _short(event.message_id),
            _short(event.topic),
        )
    )
    header = struct.pack(">HHQH", _BASIC, 0, len(event.body), _PROPERTIES) + properties
    return b"".join(
        (
            _method(event.exchange, event.topic, channel),
            struct.pack(">BHI", _HEADER, channel, len(header)),
            header,
            _END,
            struct.pack(">BHI", _BODY, channel, len(event.body)),
            event.body,
            _END,
        )
    )


def _short(text: str) -> bytes:
    value = text.encode()
    return bytes((len(value),)) + value


@lru_cache(maxsize=500)
def _method(exchange: str, topic: str, channel: int) -> bytes:
    return frame.marshal(commands.Basic.Publish(exchange=exchange, routing_key=topic), channel)
