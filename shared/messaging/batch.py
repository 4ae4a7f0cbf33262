"""A subscriber that takes what has already arrived as one batch and acknowledges it after the commit."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from prometheus_client import Counter, Histogram

from shared.database.errors import patiently
from shared.messaging.connection import BrokerAwayError, broker_errors, consume_in_bulk, keep_connected
from shared.messaging.deliveries import Delivery
from shared.messaging.publisher import Publisher
from shared.messaging.retries import explain, park, retry_later

_SUSPICIOUS_DELIVERIES = 2

BATCHES = Histogram(
    "voronka_batch_size", "Messages in a batch", ["queue"], buckets=(1, 5, 20, 50, 100, 200, 500)
)
HANDLED = Counter("voronka_batch_messages", "Messages taken by the batch subscriber", ["queue", "outcome"])

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class _Item(Generic[T]):
    """A message beside what it says, once it was opened; `unreadable` says why it says nothing."""

    message: Delivery
    value: T | None = None
    unreadable: str = ""


class BatchSubscriber(Generic[T]):
    """Consumes one queue in batches of 1 to `size`; never waits for a batch to fill.

    `decode` turns a body into a value; a message at which it raises is parked. It is called as messages arrive, so
    that the next batch is open when the one before it is committed. `handle` must commit before it returns. If
    it raises, the batch is halved until the culprit is alone; the culprit goes to the delays. While the database
    is away the batch is kept and tried again.
    """

    def __init__(
        self,
        url: str,
        queue: str,
        publisher: Publisher,
        *,
        decode: Callable[[bytes], T],
        handle: Callable[[Sequence[T]], Awaitable[None]],
        size: int = 500,
    ) -> None:
        self._url = url
        self._queue = queue
        self._publisher = publisher
        self._decode = decode
        self._handle = handle
        self._size = size
        self._arrived: deque[_Item[T]] = deque()
        self._some = asyncio.Event()

    async def run(self) -> None:
        """Consume until cancelled; what is not acknowledged then comes back to somebody else."""
        consuming = asyncio.create_task(
            keep_connected(self._url, name=f"{self._queue}.consume", ready=self._consume)
        )
        working = asyncio.create_task(self._work())
        try:
            await asyncio.wait({consuming, working}, return_when=asyncio.FIRST_COMPLETED)
            for task in (consuming, working):
                if task.done():
                    task.result()
        finally:
            for task in (consuming, working):
                task.cancel()
            await asyncio.gather(consuming, working, return_exceptions=True)

    async def _consume(self, connection: AbstractConnection) -> AbstractChannel:
        self._arrived.clear()  # what a lost channel brought cannot be acknowledged any more; it comes again
        self._some.clear()
        channel = await consume_in_bulk(connection, self._queue, self._arrive, prefetch=self._size * 2)
        log.info("batch subscriber is consuming", queue=self._queue)
        return channel

    def _arrive(self, messages: list[Delivery]) -> None:
        for message in messages:
            item = _Item[T](message)
            if not self._came_back(item):
                self._open(item)
            self._arrived.append(item)
        self._some.set()

    async def _work(self) -> None:
        while True:
            await self._some.wait()
            batch, alone = self._take()
            BATCHES.labels(self._queue).observe(len(batch))
            for group in [[item] for item in batch] if alone else [batch]:
                if alone:
                    self._open(group[0])
                await self._settle(group)

    def _take(self) -> tuple[list[_Item[T]], bool]:
        """Return what has arrived, and whether it must be handled one by one because it came back too often."""
        batch: list[_Item[T]] = []
        alone = bool(self._arrived) and self._came_back(self._arrived[0])
        while self._arrived and len(batch) < self._size and self._came_back(self._arrived[0]) == alone:
            batch.append(self._arrived.popleft())
        if not self._arrived:
            self._some.clear()
        return batch, alone

    @staticmethod
    def _came_back(item: _Item[T]) -> bool:
        if not item.message.redelivered:
            return False
        count = item.message.headers.get("x-delivery-count", 0)
        return isinstance(count, int) and count >= _SUSPICIOUS_DELIVERIES

    def _open(self, item: _Item[T]) -> None:
        try:
            item.value = self._decode(item.message.body)
        except Exception as error:  # noqa: BLE001 - whatever it is, others are on the line behind this message
            item.unreadable = explain(error)

    async def _settle(self, items: list[_Item[T]]) -> None:
        for item in items:
            if item.unreadable:
                HANDLED.labels(self._queue, "unreadable").inc()
                await park(self._publisher, self._queue, item.message, f"unreadable: {item.unreadable}")
        await self._handle_all([item for item in items if not item.unreadable])
        try:
            with broker_errors():
                await items[-1].message.acknowledge_to_here()
        except BrokerAwayError as error:
            log.warning(
                "acknowledgement was lost, the batch will come again", queue=self._queue, error=str(error)
            )

    async def _handle_all(self, items: list[_Item[T]]) -> None:
        if not items:
            return
        values = [cast("T", item.value) for item in items]
        try:
            await patiently(lambda: self._handle(values), waiting=self._queue)
            HANDLED.labels(self._queue, "done").inc(len(items))
        except Exception as error:  # noqa: BLE001 - whatever a message does to the handler, its neighbours go on
            if len(items) == 1:
                HANDLED.labels(self._queue, "failed").inc()
                log.warning("message failed alone", queue=self._queue, error=explain(error))
                await retry_later(self._publisher, self._queue, items[0].message, error)
                return
            middle = len(items) // 2
            await self._handle_all(items[:middle])
            await self._handle_all(items[middle:])
