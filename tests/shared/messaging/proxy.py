"""A TCP proxy that can fail in the ways in which a network fails."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65_536


class Proxy:
    """Forwards connections to one server, which `heal` does again after anything else.

    `freeze` goes silent, `deafen` lets only the server speak, `cut` ends and refuses.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._to_server, self._to_client = asyncio.Event(), asyncio.Event()
        self._to_server.set()
        self._to_client.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The server's address through this proxy."""
        user = self._target.netloc.rpartition("@")[0]
        return urlunsplit(self._target._replace(netloc=f"{user}@127.0.0.1:{self._port}"))

    async def heal(self) -> None:
        """Forward what comes, new connections too."""
        self._to_server.set()
        self._to_client.set()
        if self._server is None:
            listening = socket.create_server(("127.0.0.1", self._port))
            listening.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, _CHUNK
            )  # what nobody reads does not fit
            self._server = await asyncio.start_server(self._serve, sock=listening)
            self._port = listening.getsockname()[1]

    def freeze(self) -> None:
        """Keep all connections and forward nothing: what a frozen peer looks like."""
        self._to_server.clear()
        self._to_client.clear()

    def deafen(self) -> None:
        """Read nothing of what clients write, while the server still speaks: what a broker's alarm looks like."""
        self._to_server.clear()

    def say(self, data: bytes) -> None:
        """Tell all clients something in the server's name."""
        for writer in self._clients:
            writer.write(data)

    async def cut(self) -> None:
        """End all connections and refuse new ones."""
        if self._server:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        self._clients.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there = await asyncio.open_connection(self._target.hostname, self._target.port)
            self._writers.add(there[1])
            pipes = [
                asyncio.ensure_future(self._pipe(reader, there[1], self._to_server)),
                asyncio.ensure_future(self._pipe(there[0], writer, self._to_client)),
            ]
            try:
                await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pipe in pipes:
                    pipe.cancel()
                await asyncio.gather(*pipes, return_exceptions=True)
                there[1].transport.abort()
        self._clients.discard(writer)
        writer.transport.abort()

    @staticmethod
    async def _pipe(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flowing: asyncio.Event
    ) -> None:
        while data := await reader.read(_CHUNK):
            await flowing.wait()
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def through_proxy(url: str) -> AsyncIterator[Proxy]:
    """Yield a proxy to the server of this address, forwarding."""
    proxy = Proxy(url)
    await proxy.heal()
    try:
        yield proxy
    finally:
        await proxy.cut()
