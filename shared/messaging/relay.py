"""The outbox relay: one active per unit, in id order, with many confirms in flight."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

import asyncpg
import structlog
from prometheus_client import Counter

from shared.messaging import topology
from shared.messaging.outbox import WAKE_CHANNEL
from shared.messaging.pipeline import LARGEST_BODY, Event
from shared.messaging.publisher import Publisher, PublishFailedError, message
from shared.messaging.retries import explain

IN_FLIGHT = 200
_CHUNK = 1_000
_LOCK = 7_362_002
_STAND_BY_S = 1.0
_POLL_S = 1.0
_BLOCKED_S = 2.0
_WITHIN_S = 5.0

RELAYED = Counter("voronka_outbox_relayed", "Outbox rows confirmed by the broker")

_LOST = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection that breaks in the middle of an answer may say
    OSError,
    TimeoutError,
)

log = structlog.get_logger(__name__)

_READ = """
select id, aggregate, exchange, topic, message_id, body from outbox
where not (aggregate = any($1::uuid[])) order by id limit $2
"""


class Relay:
    """Publishes the outbox of one unit while it holds the session lock; others stand by and take over."""

    def __init__(self, database_url: str, publisher: Publisher, *, unit: str) -> None:
        self._url = database_url
        self._publisher = publisher
        self._unit = unit
        self._wake = asyncio.Event()
        self._blocked: dict[UUID, float] = {}

    def wake(self) -> None:
        """Look at the outbox at once: rows were committed in this process."""
        self._wake.set()

    async def run(self) -> None:
        """Relay until cancelled; a lost database connection is opened again."""
        while True:
            try:
                await self._session()
            except _LOST as error:
                log.warning("relay lost its database connection", unit=self._unit, error=explain(error))
                await asyncio.sleep(_STAND_BY_S)

    async def _session(self) -> None:
        connection = await asyncpg.connect(
            self._url,
            timeout=5,
            command_timeout=30,
            server_settings={"application_name": f"{self._unit}.relay"},
        )
        try:
            while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110 - another process has it
                await asyncio.sleep(_STAND_BY_S)
            log.info("relay is active", unit=self._unit)
            await connection.add_listener(WAKE_CHANNEL, lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                if not await self._drain(connection):
                    await self._pause(connection)
        finally:
            await connection.close(timeout=2)

    async def _pause(self, connection: asyncpg.Connection) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLL_S):
                await self._wake.wait()
        if connection.is_closed():
            raise asyncpg.InterfaceError("connection is closed")

    async def _drain(self, connection: asyncpg.Connection) -> bool:
        """Publish one chunk; say whether there is reason to look again at once."""
        if not self._publisher.connected:
            return False
        now = time.monotonic()
        self._blocked = {key: until for key, until in self._blocked.items() if until > now}
        rows = await connection.fetch(_READ, list(self._blocked), _CHUNK)
        if not rows:
            return False
        done = await self._publish(rows)
        if done:
            await connection.execute("delete from outbox where id = any($1::bigint[])", done)
            RELAYED.inc(len(done))
        if len(done) < len(rows):
            log.warning("outbox rows were not confirmed", unit=self._unit, rows=len(rows) - len(done))
        if not self._publisher.connected:
            self._blocked.clear()  # the rows failed with the broker, not by themselves
        return bool(done)

    async def _publish(self, rows: list[asyncpg.Record]) -> list[int]:
        """Publish rows, many at once but those of one aggregate in turn; return the ids confirmed."""
        chains: dict[UUID, deque[asyncpg.Record]] = {}
        for row in rows:
            chains.setdefault(row["aggregate"], deque()).append(row)
        done: list[int] = []
        while chains:
            heads = [chain[0] for chain in islice(chains.values(), IN_FLIGHT)]
            for row, confirmed in zip(heads, await self._send(heads), strict=True):
                chain = chains.pop(row["aggregate"])
                if not confirmed:
                    self._blocked[row["aggregate"]] = time.monotonic() + _BLOCKED_S
                    continue
                done.append(row["id"])
                chain.popleft()
                if chain:
                    chains[row["aggregate"]] = chain
        return done

    async def _send(self, rows: Sequence[asyncpg.Record]) -> list[bool]:
        """Publish one row of each aggregate: small events in one wave, whatever must reach a queue one by one."""
        together = [row["exchange"] == topology.EVENTS and len(row["body"]) <= LARGEST_BODY for row in rows]
        wave = [_event(row) for row, joined in zip(rows, together, strict=True) if joined]
        try:
            confirmed = iter(await self._publisher.send_events(wave, within_s=_WITHIN_S) if wave else ())
        except PublishFailedError:
            confirmed = iter([False] * len(wave))
        return [
            next(confirmed) if joined else await self._send_alone(row)
            for row, joined in zip(rows, together, strict=True)
        ]

    async def _send_alone(self, row: asyncpg.Record) -> bool:
        item = message(row["body"], message_id=row["message_id"], topic=row["topic"])
        try:
            await self._publisher.send(
                item,
                exchange=row["exchange"],
                routing_key=row["topic"],
                mandatory=row["exchange"] != topology.EVENTS,
            )
        except PublishFailedError:
            return False
        return True


def _event(row: asyncpg.Record) -> Event:
    return Event(row["exchange"], row["topic"], str(row["message_id"]), row["body"])
