"""Publishing many messages in one write and waiting for their confirms together.

A publish through the client library costs more CPU than everything that intake does with an inquiry. The frames of the
wire (AMQP 0-9-1, sections 4.2.3 and 4.2.6) are simple, so a wave of messages is laid out here at once; confirms,
closing and errors stay the library's.
"""

import asyncio
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp import commands, frame

from shared.contracts.envelope import CONTENT_TYPE

LARGEST_BODY = 100_000
"""Bytes that surely fit into one frame; larger messages go the library's way."""

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

    What is not confirmed in time, or was when the channel closed, is in doubt.
    """
    waiting: list[asyncio.Future[object]] = []
    async with channel.lock:
        for _ in events:
            channel.delivery_tag += 1
            confirmation = channel.create_future()
            channel.confirmations[channel.delivery_tag] = confirmation
            waiting.append(confirmation)
        payload = b"".join(frames(event, channel.number) for event in events)
        await channel.write_queue.put(ChannelFrame(payload=payload, should_close=False))
    await asyncio.wait(waiting, timeout=within_s)
    return [_confirmed(confirmation) for confirmation in waiting]


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
