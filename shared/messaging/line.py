"""The line beneath a connection to the broker: it can be broken off, and its deliveries can be taken in bulk.

The client library closes politely: it waits until everything that was written has left, which never happens while the
broker does not read.
"""

import asyncio
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.abc import AbstractChannel
from aiormq.connection import TransportFactory
from aiormq.exceptions import AMQPConnectionError
from yarl import URL

from shared.messaging.deliveries import Taker, TappedReader


class _Opener(TransportFactory):
    """Opens lines as the library does and remembers both ends of the one that it opened."""

    def __init__(self) -> None:
        self.line: asyncio.WriteTransport | None = None
        self.reader: TappedReader | None = None

    async def create(self, url: URL, **kwargs: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        provider = kwargs.pop("ssl_context_provider", None)
        context = await provider.get_context() if provider and url.scheme == "amqps" else None
        loop = asyncio.get_running_loop()
        reader = TappedReader(loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        try:
            line, _ = await loop.create_connection(
                lambda: protocol, url.host or "", url.port or 0, ssl=context, **kwargs
            )
        except OSError as error:
            raise AMQPConnectionError(*error.args) from error
        self.line, self.reader = line, reader
        return reader, asyncio.StreamWriter(line, protocol, reader, loop)


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

    def tap(self, channel: AbstractChannel, taker: Taker) -> None:
        """Take the deliveries of this channel in bulk from now on; the library does not see them."""
        if self._opener.reader is None:
            raise AMQPConnectionError("the connection was never opened")
        self._opener.reader.tap(channel, taker)

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
