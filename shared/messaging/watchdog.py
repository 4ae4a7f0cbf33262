"""The consumer watchdog: a queue of ours without a consumer means that this process must start again."""

import asyncio
from collections.abc import Sequence

import structlog
from aio_pika.abc import AbstractConnection
from aiormq.exceptions import ChannelNotFoundEntity

from shared.messaging.connection import BrokerAwayError, broker_errors, close, open_connection

_EVERY_S = 15.0
_WITHIN_S = 5.0
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
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                counts = await self._look()
            except BrokerAwayError as error:
                log.info("watchdog cannot see the broker", unit=self._unit, error=str(error))
                continue
            self._judge(counts)

    def _judge(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self._missing[name] = 0 if count else self._missing.get(name, 0) + 1
            if self._missing[name] >= _GRACE:
                raise ConsumerLostError(name)

    async def _look(self) -> dict[str, int]:
        """Return how many consumers each queue has, in this process and in others."""
        connection = await open_connection(self._url, name=f"{self._unit}.watchdog")
        try:
            with broker_errors():
                async with asyncio.timeout(_WITHIN_S):
                    return {name: await self._consumers(connection, name) for name in self._queues}
        finally:
            await close(connection)

    @staticmethod
    async def _consumers(connection: AbstractConnection, name: str) -> int:
        channel = await connection.channel()
        try:
            queue = await channel.declare_queue(name, passive=True)
        except ChannelNotFoundEntity:
            return 0  # a queue that is gone has no consumer
        await channel.close()
        return queue.declaration_result.consumer_count or 0
