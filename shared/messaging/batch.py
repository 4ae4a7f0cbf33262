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
from shared.messaging.suspects import Suspects

_SUSPICIOUS_DELIVERIES = 2
_TIMES_OPENED = 3
_LANES = 2

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

    @property
    def is_suspect(self) -> bool:
        """Whether it came back so often that it may be what ended a process."""
        if not self.message.redelivered:
            return False
        count = self.message.headers.get("x-delivery-count", 0)
        return isinstance(count, int) and count >= _SUSPICIOUS_DELIVERIES


class BatchSubscriber(Generic[T]):
    """Consumes one queue in batches of 1 to `size`; never waits for a batch to fill.

    `decode` turns a body into a value; a message at which it raises is parked. It is called as messages arrive, so
    that the next batch is open when the one before it is committed. `handle` must commit before it returns. If
    it raises, the batch is halved until the culprit is alone; the culprit goes to the delays. While the database
    is away the batch is kept and tried again. Under a backlog a second batch begins while the first is written: the
    handler must stand being called by two at once, as it must by two workers.

    Messages that came back twice are noted among the suspects, opened and handled one at a time; what was noted
    three times is parked unopened. A process that starts and finds suspects fetches messages one by one until one
    comes that is none: what ends the process then takes no others with it, to be counted as delivered once more.
    """

    def __init__(
        self,
        url: str,
        queue: str,
        publisher: Publisher,
        *,
        decode: Callable[[bytes], T],
        handle: Callable[[Sequence[T]], Awaitable[None]],
        suspects: Suspects,
        size: int = 500,
    ) -> None:
        self._url = url
        self._queue = queue
        self._publisher = publisher
        self._decode = decode
        self._handle = handle
        self._suspects = suspects
        self._size = size
        self._arrived: deque[_Item[T]] = deque()
        self._some, self._more = asyncio.Event(), asyncio.Event()
        self._starting = True
        self._careful: AbstractChannel | None = None
        """The channel on which messages are fetched one by one."""

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
        careful = self._starting and await patiently(self._suspects.exist, waiting=self._queue)
        self._starting = False
        prefetch = 1 if careful else self._size * (_LANES + 1)
        channel = await consume_in_bulk(connection, self._queue, self._arrive, prefetch=prefetch)
        self._careful = channel if careful else None
        log.info("batch subscriber is consuming", queue=self._queue, careful=careful)
        return channel

    def _arrive(self, messages: list[Delivery]) -> None:
        for message in messages:
            item = _Item[T](message)
            if not item.is_suspect:
                self._open(item)
            self._arrived.append(item)
        self._some.set()
        self._more.set()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as lanes:
            under_way: list[asyncio.Task[None]] = []
            while True:
                await self._some.wait()
                under_way = [task for task in under_way if not task.done()]
                if len(under_way) == _LANES or (under_way and not self._has_backlog()):
                    await self._one_done_or_more_arrived(under_way)
                    continue
                if not (batch := self._take()):
                    continue
                BATCHES.labels(self._queue).observe(len(batch))
                if batch[0].is_suspect:
                    for item in batch:
                        await self._try_suspect(item)
                else:
                    before = under_way[-1] if under_way else None
                    under_way.append(lanes.create_task(self._settle(batch, before)))

    async def _one_done_or_more_arrived(self, under_way: list[asyncio.Task[None]]) -> None:
        self._more.clear()
        more = asyncio.create_task(self._more.wait())
        try:
            await asyncio.wait([*under_way, more], return_when=asyncio.FIRST_COMPLETED)
        finally:
            more.cancel()

    def _has_backlog(self) -> bool:
        """Say whether so much waits that a second batch should begin before the first is committed."""
        return len(self._arrived) >= self._size // 2 and not self._arrived[0].is_suspect

    def _take(self) -> list[_Item[T]]:
        """Return what has arrived: suspects only or none of them; empty when it was lost meanwhile."""
        batch: list[_Item[T]] = []
        suspects = bool(self._arrived) and self._arrived[0].is_suspect
        while self._arrived and len(batch) < self._size and self._arrived[0].is_suspect == suspects:
            batch.append(self._arrived.popleft())
        if not self._arrived:
            self._some.clear()
        return batch

    def _open(self, item: _Item[T]) -> None:
        try:
            item.value = self._decode(item.message.body)
        except MemoryError:
            raise  # says nothing of this message: whatever has arrived comes again
        except Exception as error:  # noqa: BLE001 - whatever it is, others are on the line behind this message
            item.unreadable = f"unreadable: {explain(error)}"

    async def _try_suspect(self, item: _Item[T]) -> None:
        times = await patiently(lambda: self._suspects.note(item.message), waiting=self._queue)
        if times < _TIMES_OPENED:
            self._open(item)
        else:
            item.unreadable = f"opened {times} times, and each time the process ended"
        try:
            await self._settle([item])
        except asyncio.CancelledError:
            await asyncio.shield(self._suspects.forget(item.message))  # a clean end is no evidence
            raise
        await patiently(lambda: self._suspects.forget(item.message), waiting=self._queue)

    async def _hurry(self) -> None:
        """Fetch many messages again: the suspects are behind us."""
        if self._careful:
            channel, self._careful = self._careful, None
            try:
                with broker_errors():
                    await channel.close()
            except BrokerAwayError as error:
                log.info("channel was lost before it was closed", queue=self._queue, error=str(error))

    async def _settle(self, items: list[_Item[T]], before: asyncio.Task[None] | None = None) -> None:
        """Handle messages that were opened, move aside those that could not be, and acknowledge all.

        An acknowledgement says so of everything that came earlier too: it waits for the batch before this one.
        """
        for item in items:
            if item.unreadable:
                HANDLED.labels(self._queue, "unreadable").inc()
                await park(self._publisher, self._queue, item.message, item.unreadable)
        await self._handle_all([item for item in items if not item.unreadable])
        if before:
            await asyncio.wait({before})
        try:
            with broker_errors():
                await items[-1].message.acknowledge_to_here()
        except BrokerAwayError as error:
            log.warning(
                "acknowledgement was lost, the batch will come again", queue=self._queue, error=str(error)
            )
        await self._hurry()

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
