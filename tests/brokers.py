"""Virtual hosts of one's own in a broker: a private one, or one that somebody else runs."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit, urlunsplit

import aio_pika

from deploy.local import rabbitmq
from shared.messaging import topology

NewVhost = Callable[[], Awaitable[str]]


class PrivateBroker:
    """Hands out the virtual hosts that were made at the start, then makes further ones."""

    def __init__(self, private: rabbitmq.PrivateRabbit, names: list[str]) -> None:
        self._private = private
        self._names = names

    async def new_vhost(self) -> str:
        """Return the address of a virtual host that nobody has used."""
        if self._names:
            return self._private.vhost_url(self._names.pop(0))
        name = f"made-{secrets.token_hex(4)}"
        await asyncio.to_thread(self._private.control.add_vhost, name)
        return self._private.vhost_url(name)


class GivenBroker:
    """A broker of somebody else: virtual hosts by its command line, or the given one emptied each time."""

    def __init__(self, url: str, command: list[str]) -> None:
        self._url = url
        self._command = command
        self._made: list[str] = []

    async def new_vhost(self) -> str:
        """Return the address of a virtual host without queues."""
        if not self._command:
            await _delete_queues(self._url)
            return self._url
        name = f"test-{secrets.token_hex(4)}"
        user = urlsplit(self._url).username or "guest"
        await self._control("add_vhost", name)
        self._made.append(name)
        await self._control("set_permissions", "-p", name, user, ".*", ".*", ".*")
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{quote(name, safe='')}"))

    async def close(self) -> None:
        """Delete the virtual hosts that were made."""
        for name in self._made:
            await self._control("delete_vhost", name)

    async def _control(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        if process.returncode:
            told = said.decode(errors="replace").strip()
            raise rabbitmq.RabbitSetupError(f"{self._command[0]} {arguments[0]}: {told}")


async def _delete_queues(url: str) -> None:
    names = [item.name for item in (*topology.QUEUES, *topology.DELAYS)]
    names += [topology.dead_queue(unit) for unit in topology.units()]
    connection = await aio_pika.connect(url, timeout=5)
    async with connection:
        channel = await connection.channel()
        for name in names:
            await channel.queue_delete(name)
