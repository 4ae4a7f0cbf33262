"""The spool of a process: what comes in at the same time is written in one commit."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

import structlog
from prometheus_client import Counter, Gauge

from shared.kernel.errors import BusyError
from shared.messaging.spool_file import Contents, Spooled, SpoolFile, take_slot

SPOOLED = Counter("voronka_spool_messages", "Messages written into the spool", ["unit"])
REFUSED = Counter("voronka_spool_refused", "Messages that the spool could not take", ["unit"])
DEPTH = Gauge("voronka_spool_depth", "Messages in the spool", ["unit"])
SIZE = Gauge("voronka_spool_bytes", "Bytes of the messages in the spool", ["unit"])
OLDEST = Gauge("voronka_spool_oldest_seconds", "Age of the oldest message in the spool", ["unit"])

T = TypeVar("T")

log = structlog.get_logger(__name__)


class SpoolRefusedError(BusyError):
    """The spool is full, or its disk takes nothing."""

    slug = "spool-refused"


class Spool:
    """Keeps messages on disk until the broker takes them; a context manager."""

    def __init__(self, folder: Path, *, unit: str, limit: int) -> None:
        """`limit` is how many bytes of bodies the spool takes."""
        self._folder = folder
        self._unit = unit
        self._limit = limit
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"{unit}-spool")
        self._file: SpoolFile | None = None
        self._waiting: list[tuple[Spooled, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._messages = self._size = self._under_way = 0
        self._oldest_at: float | None = None
        self.filled = asyncio.Event()
        """Set while something lies in the spool."""

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        file, contents = await self._in_thread(lambda: take_slot(self._folder, self._unit))
        self._file = file
        self._count(contents)
        if self._messages:
            log.warning("the spool was left filled", unit=self._unit, messages=self._messages)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writing:
            await self._writing
        await self._in_thread(self._opened.close)
        self._thread.shutdown()

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies here or is about to be written."""
        return not self._messages and not self._waiting and self._writing is None

    async def put(self, item: Spooled) -> None:
        """Return when the message is on disk; SpoolRefusedError when it cannot be."""
        if self._size + self._under_way + len(item.body) > self._limit:
            self._refuse("full")
        self._under_way += len(item.body)
        outcome = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(outcome)

    async def _write(self) -> None:
        """Write whatever waits, many messages in one commit, until nothing does."""
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writing = None

    async def _write_group(self, group: list[tuple[Spooled, asyncio.Future[None]]]) -> None:
        messages = [item for item, _ in group]
        refused: SpoolRefusedError | None = None
        try:
            await self._in_thread(partial(self._opened.add, messages))
        except Exception as error:  # noqa: BLE001 - whatever it is, each sender is told that nothing was kept
            log.error("the spool's disk takes nothing", unit=self._unit, error=repr(error))  # noqa: TRY400 - the name says all
            refused = SpoolRefusedError("the disk takes nothing")
            REFUSED.labels(self._unit).inc(len(group))
        self._under_way -= sum(len(item.body) for item in messages)
        if refused is None:
            self._add(messages)
        for _, outcome in group:
            if refused:
                outcome.set_exception(refused)
                outcome.exception()  # seen, whether its sender still waits or not
            else:
                outcome.set_result(None)

    async def oldest(self, count: int) -> list[tuple[int, Spooled]]:
        """Return the first messages, each with its place."""
        return await self._in_thread(lambda: self._opened.oldest(count))

    async def remove(self, taken: Sequence[tuple[int, Spooled]]) -> None:
        """Remove messages that the broker holds."""
        oldest_at = await self._in_thread(lambda: self._opened.remove([place for place, _ in taken]))
        size = self._size - sum(len(item.body) for _, item in taken)
        self._count(Contents(self._messages - len(taken), size, oldest_at))
        if self.is_empty:
            try:
                await self._in_thread(self._opened.tidy)
            except (sqlite3.Error, OSError) as error:
                log.info("the emptied spool keeps its room for now", unit=self._unit, error=repr(error))

    def measure(self) -> None:
        """Show how old the oldest message is by now."""
        OLDEST.labels(self._unit).set(time.time() - self._oldest_at if self._oldest_at else 0)

    @property
    def _opened(self) -> SpoolFile:
        if self._file is None:
            raise RuntimeError("the spool is not open")
        return self._file

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _refuse(self, why: str) -> None:
        REFUSED.labels(self._unit).inc()
        raise SpoolRefusedError(why)

    def _add(self, messages: Sequence[Spooled]) -> None:
        SPOOLED.labels(self._unit).inc(len(messages))
        size = self._size + sum(len(item.body) for item in messages)
        self._count(Contents(self._messages + len(messages), size, self._oldest_at or messages[0].spooled_at))

    def _count(self, contents: Contents) -> None:
        self._messages, self._size, self._oldest_at = contents.messages, contents.size, contents.oldest_at
        DEPTH.labels(self._unit).set(self._messages)
        SIZE.labels(self._unit).set(self._size)
        self.measure()
        if self._messages:
            self.filled.set()
        else:
            self.filled.clear()
