"""Deliveries taken off the line in bulk, before the client library reads them.

The library spends more CPU on reading one message than intake spends on deciding about it: three frames, each read and
opened by itself, and a task for the message. The frames of the wire (AMQP 0-9-1, sections 4.2.3 and 4.2.6) are simple,
so the messages of a tapped channel are cut out of whatever has arrived at once; the handshake, closing, errors and
everything that is written stay the library's.
"""

import asyncio
import struct
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, SupportsIndex

from aiormq.abc import AbstractChannel
from pamqp.header import ContentHeader

_METHOD, _HEADER, _BODY, _HEARTBEAT = 1, 2, 3, 8
_FRAMES = frozenset((_METHOD, _HEADER, _BODY, _HEARTBEAT))
_FRAME = struct.Struct(">BHI")
_AROUND = _FRAME.size + 1  # a frame ends with one byte
_DELIVER = struct.pack(">HH", 60, 60)
_TAG = struct.Struct(">QB")
_BODY_SIZE = struct.Struct(">Q")
_ALIVE = _FRAME.pack(_HEARTBEAT, 0, 0) + b"\xce"
_ALIVE_EVERY_S = 1.0


class Delivery:
    """A message as it came: its body, and its properties when somebody asks for them."""

    __slots__ = ("__dict__", "_channel", "_header", "body", "redelivered", "tag")

    def __init__(
        self, channel: AbstractChannel, tag: int, header: bytes, body: bytes, *, redelivered: bool
    ) -> None:
        self._channel = channel
        self._header = header
        self.tag = tag
        self.body = body
        self.redelivered = redelivered

    @cached_property
    def _properties(self) -> Any:
        header = ContentHeader()
        header.unmarshal(self._header)
        return header.properties

    @property
    def headers(self) -> Mapping[str, Any]:
        """The headers of the message."""
        return self._properties.headers or {}

    @property
    def message_id(self) -> str | None:
        """The id that its publisher gave it."""
        value: str | None = self._properties.message_id
        return value

    @property
    def type(self) -> str | None:
        """The topic, as its publisher named it."""
        value: str | None = self._properties.message_type
        return value

    @property
    def content_type(self) -> str | None:
        """The content type of the body."""
        value: str | None = self._properties.content_type
        return value

    async def acknowledge_to_here(self) -> None:
        """Acknowledge this message and all that came before it on its channel."""
        await self._channel.basic_ack(self.tag, multiple=True)


Taker = Callable[[list[Delivery]], None]


class _Assembly:
    """The deliveries of one channel, put together from their frames."""

    def __init__(self, channel: AbstractChannel, taker: Taker) -> None:
        self.taker = taker
        self.whole: list[Delivery] = []
        self._channel = channel
        self._tag: int | None = None
        self._redelivered = False
        self._header = b""
        self._missing = 0
        self._parts: list[bytes] = []

    def take(self, kind: int, payload: bytes) -> bool:
        """Take a frame; False if it is no part of a delivery."""
        if kind == _BODY and self._tag is not None:
            self._missing -= len(payload)
            self._parts.append(payload)
            if self._missing <= 0:
                self._finish()
        elif kind == _HEADER and self._tag is not None:
            self._header = payload
            (self._missing,) = _BODY_SIZE.unpack_from(payload, 4)
            if not self._missing:
                self._finish()
        elif kind == _METHOD and payload.startswith(_DELIVER):
            self._tag, redelivered = _TAG.unpack_from(payload, 5 + payload[4])  # after the consumer's name
            self._redelivered = bool(redelivered & 1)
        else:
            return False
        return True

    def _finish(self) -> None:
        if self._tag is None:
            return
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self.whole.append(
            Delivery(self._channel, self._tag, self._header, body, redelivered=self._redelivered)
        )
        self._tag, self._parts = None, []


class TappedReader(asyncio.StreamReader):
    """The reading end of a line: the deliveries of tapped channels go to their takers, all else to the library."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._clock = loop.time
        self._pending = b""
        self._assemblies: dict[int, _Assembly] = {}
        self._told_at = 0.0

    def tap(self, channel: AbstractChannel, taker: Taker) -> None:
        """Give the deliveries of this channel to the taker from now on, as many at once as have arrived."""
        self._assemblies[channel.number] = _Assembly(channel, taker)

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        """Take the bytes that have arrived on the line."""
        data = self._pending + bytes(data)
        kept: list[bytes] = []
        taken = False
        start, end = 0, len(data)
        while end - start >= _AROUND:
            kind, channel, size = _FRAME.unpack_from(data, start)
            if kind not in _FRAMES:  # no frame at all: the library knows how to complain
                kept.append(data[start:])
                start = end
                break
            after = start + size + _AROUND
            if after > end:
                break
            assembly = self._assemblies.get(channel)
            if assembly is not None and assembly.take(kind, data[start + _FRAME.size : after - 1]):
                taken = True
            else:
                kept.append(data[start:after])
            start = after
        self._pending = data[start:]
        self._hand_on(kept, taken=taken)

    def _hand_on(self, kept: list[bytes], *, taken: bool) -> None:
        for assembly in self._assemblies.values():
            if assembly.whole:
                whole, assembly.whole = assembly.whole, []
                assembly.taker(whole)
        if taken and self._clock() - self._told_at > _ALIVE_EVERY_S:
            self._told_at = self._clock()
            kept.append(_ALIVE)  # the library would take a line for dead on which it never sees a frame
        if kept:
            super().feed_data(b"".join(kept))
