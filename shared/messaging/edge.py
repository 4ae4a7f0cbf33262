"""The edge: a message that `accept` returned for is durable, in the broker or in the spool.

While the spool is not empty everything goes through it: the broker that did not answer a moment ago would let each
sender wait for nothing.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from shared.kernel.errors import BusyError
from shared.messaging.publisher import Publisher, PublishFailedError, message
from shared.messaging.spool import Spool, SpoolRefusedError
from shared.messaging.spool_file import Spooled

_CHUNK = 200
_AGAIN_S = (0.2, 0.5, 1.0, 2.0)
_DRAIN_WITHIN_S = 5.0
_MEASURE_EVERY_S = 5.0
_REOPEN_S = 5.0

log = structlog.get_logger(__name__)


class NotAcceptedError(BusyError):
    """The message could not be made durable right now; send it again in a moment."""

    slug = "not-accepted"


class Edge:
    """Makes durable what came in, and brings to the broker what had to wait."""

    def __init__(self, publisher: Publisher, make_spool: Callable[[], Spool] | None = None) -> None:
        """Without a spool, what the broker does not confirm is not accepted."""
        self._publisher = publisher
        self._make_spool = make_spool
        self._spool: Spool | None = None
        self._brought: list[tuple[int, Spooled]] = []
        """What the broker holds already and the spool still has."""

    @property
    def has_spool(self) -> bool:
        """Whether it is to stand while the broker is away."""
        return self._make_spool is not None

    async def accept(self, item: Spooled, *, within_s: float) -> None:
        """Return when the message is durable; NotAcceptedError when neither broker nor spool takes it.

        The broker has `within_s` seconds to confirm. A message whose confirm did not come in time may be held by
        both: its id makes it one again.
        """
        if self._spool is None or self._spool.is_empty:
            try:
                return await _publish(self._publisher, item, within_s=within_s)
            except PublishFailedError as error:
                log.info("broker did not confirm", message_id=item.message_id, error=error.detail)
                if self._spool is None:
                    raise NotAcceptedError from error
        try:
            await self._spool.put(item)
        except SpoolRefusedError as error:
            raise NotAcceptedError from error

    async def run(self) -> None:
        """Keep the spool open and bring to the broker whatever lies in it, oldest first, until cancelled.

        sqlite3.DatabaseError when it cannot be read any more: who opens it next puts it aside.
        """
        while self._make_spool:
            try:
                async with self._make_spool() as spool:
                    self._spool, self._brought = spool, []
                    await self._keep_bringing(spool)
            except (OSError, sqlite3.OperationalError) as error:
                # The door stands without a spool as long as the broker does.
                log.error("the spool cannot be opened", error=repr(error), again_in_s=_REOPEN_S)  # noqa: TRY400
            finally:
                self._spool = None
            await asyncio.sleep(_REOPEN_S)

    async def _keep_bringing(self, spool: Spool) -> None:
        attempt = 0
        while True:
            await self._wait(spool)
            if await self._drain(spool):
                attempt = 0
                continue
            await asyncio.sleep(_AGAIN_S[min(attempt, len(_AGAIN_S) - 1)])
            attempt += 1

    @staticmethod
    async def _wait(spool: Spool) -> None:
        while not spool.filled.is_set():
            spool.measure()
            try:
                async with asyncio.timeout(_MEASURE_EVERY_S):
                    await spool.filled.wait()
            except TimeoutError:
                continue

    async def _drain(self, spool: Spool) -> bool:
        """Publish the oldest messages; say whether the broker took any of them."""
        spool.measure()
        if not self._publisher.connected:
            return False
        try:
            if not self._brought:
                self._brought = await bring(await spool.oldest(_CHUNK), self._publisher)
            if not self._brought:
                return False
            await spool.remove(self._brought)
        except (sqlite3.OperationalError, OSError) as error:
            log.error("the spool's disk lets nothing be removed", error=repr(error))  # noqa: TRY400 - the name says all
            return False
        self._brought = []
        if spool.is_empty:
            log.info("the spool is empty again")
        return True


async def bring(rows: Sequence[tuple[int, Spooled]], publisher: Publisher) -> list[tuple[int, Spooled]]:
    """Publish messages out of a spool; return those that the broker took."""
    taken: list[tuple[int, Spooled]] = []
    while rows:
        wave: dict[
            str, tuple[int, Spooled]
        ] = {}  # the client library tells returned messages apart by their ids
        for row in rows:
            wave.setdefault(row[1].message_id, row)
        outcomes = await asyncio.gather(*(_brought(item, publisher) for _, item in wave.values()))
        taken += [row for row, confirmed in zip(wave.values(), outcomes, strict=True) if confirmed]
        if not all(outcomes):
            break
        rows = [row for row in rows if wave[row[1].message_id] is not row]
    return taken


async def _brought(item: Spooled, publisher: Publisher) -> bool:
    try:
        await _publish(publisher, item, within_s=_DRAIN_WITHIN_S)
    except PublishFailedError:
        return False
    return True


async def _publish(publisher: Publisher, item: Spooled, *, within_s: float) -> None:
    await publisher.send(
        message(item.body, message_id=UUID(item.message_id), topic=item.topic),
        exchange=item.exchange,
        routing_key=item.topic,
        mandatory=True,
        within_s=within_s,
    )
