"""The line beneath a connection to the broker, so that it can be broken off when the other end does not read.

The client library closes politely: it waits until everything that was written has left, which never happens while the
broker does not read.
"""

import asyncio
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.connection import TCPTransportFactory, TLSTransportFactory, TransportFactory
from yarl import URL


class _Opener(TransportFactory):
    """Opens lines as the library does and remembers the one that it opened."""

    def __init__(self) -> None:
        self.line: asyncio.WriteTransport | None = None

    async def create(self, url: URL, **kwargs: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        opening = TLSTransportFactory() if url.scheme == "amqps" else TCPTransportFactory()
        reader, writer = await opening.create(url, **kwargs)
        self.line = writer.transport
        return reader, writer


class BreakableConnection(aio_pika.Connection):
    """A connection whose line can be broken off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._opener = _Opener()
        self.kwargs["transport_factory"] = self._opener

    @property
    def unsent(self) -> int:
        """How many bytes were written that have not left this process."""
        line = self._opener.line
        return line.get_write_buffer_size() if line else 0

    def break_off(self) -> None:
        """End the line at once; what has not left is forgotten."""
        if self._opener.line:
            self._opener.line.abort()


def break_off(connection: AbstractConnection | None) -> None:
    """End the line of a connection at once."""
    if isinstance(connection, BreakableConnection):
        connection.break_off()


async def is_stuck(connection: AbstractConnection | None) -> bool:
    """Say whether the broker does not read what was written, without having said that it would not for a while."""
    if not isinstance(connection, BreakableConnection) or not connection.unsent or not connection.transport:
        return False
    try:
        async with asyncio.timeout(0):
            await (
                connection.transport.ready()
            )  # returns without waiting unless the broker has blocked publishing
    except TimeoutError:
        return False
    return True
