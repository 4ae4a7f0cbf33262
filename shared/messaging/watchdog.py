"""The consumer watchdog: a queue of ours without a consumer means that this process must start again."""

import asyncio
from collections.abc import Sequence

import structlog
from aio_pika.abc import AbstractRobustConnection
from aiormq.exceptions import AMQPError, ChannelInvalidStateError

from shared.messaging.connection import connect

_EVERY_S = 15.0
_GRACE = 3


class ConsumerLostError(RuntimeError):
    """A queue that this process should consume has had no consumer for a while."""


log = structlog.get_logger(__name__)


class Watchdog:
    """Looks at the consumer counts of the unit's queues; raises when one stays at zero."""

    def __init__(self, url: str, queues: Sequence[str], *, unit: str) -> None:
        self._url = url
        self._queues = queues
        self._unit = unit
        self._missing: dict[str, int] = {}

    async def run(self) -> None:
        """Watch until cancelled; ConsumerLostError after three looks without a consumer."""
        connection = await connect(self._url, name=f"{self._unit}.watchdog")
        try:
            while True:
                await asyncio.sleep(_EVERY_S)
                await self._look(connection)
        finally:
            await connection.close()

    async def _look(self, connection: AbstractRobustConnection) -> None:
        try:
            async with asyncio.timeout(5):
                channel = await connection.channel()
                counts = {name: await self._consumers(channel, name) for name in self._queues}
                await channel.close()
        except (AMQPError, ChannelInvalidStateError, OSError, TimeoutError) as error:
            log.info("watchdog cannot see the broker", unit=self._unit, error=repr(error))
            return
        for name, count in counts.items():
            self._missing[name] = 0 if count else self._missing.get(name, 0) + 1
            if self._missing[name] >= _GRACE:
                raise ConsumerLostError(name)

    @staticmethod
    async def _consumers(channel: object, name: str) -> int:
        queue = await channel.declare_queue(name, passive=True)  # type: ignore[attr-defined]
        return int(queue.declaration_result.consumer_count or 0)
