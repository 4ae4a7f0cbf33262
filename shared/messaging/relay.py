"""The outbox relay: one active per unit, in id order, with many confirms in flight."""

import asyncio
import contextlib
import time
from uuid import UUID

import asyncpg
import structlog
from prometheus_client import Counter

from shared.messaging import topology
from shared.messaging.outbox import WAKE_CHANNEL
from shared.messaging.publisher import Publisher, PublishFailedError, message

IN_FLIGHT = 200
_CHUNK = 1_000
_LOCK = 7_362_002
_STAND_BY_S = 1.0
_POLL_S = 1.0
_BLOCKED_S = 2.0

RELAYED = Counter("voronka_outbox_relayed", "Outbox rows confirmed by the broker")

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
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                log.warning("relay lost its database connection", unit=self._unit, error=repr(error))
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
        if not self._publisher.connected:
            self._blocked.clear()  # the rows failed with the broker, not by themselves
        return bool(done)

    async def _publish(self, rows: list[asyncpg.Record]) -> list[int]:
        """Publish rows, several at once but those of one aggregate in turn; return the ids confirmed."""
        chains: dict[UUID, list[asyncpg.Record]] = {}
        for row in rows:
            chains.setdefault(row["aggregate"], []).append(row)
        waiting = iter(chains.values())
        done: list[int] = []

        async def work() -> None:
            for chain in waiting:
                for row in chain:
                    if not await self._publish_row(row):
                        break
                    done.append(row["id"])

        await asyncio.gather(*(work() for _ in range(min(IN_FLIGHT, len(chains)))))
        return done

    async def _publish_row(self, row: asyncpg.Record) -> bool:
        item = message(row["body"], message_id=row["message_id"], topic=row["topic"])
        try:
            await self._publisher.send(
                item,
                exchange=row["exchange"],
                routing_key=row["topic"],
                mandatory=row["exchange"] != topology.EVENTS,
            )
        except PublishFailedError as error:
            self._blocked[row["aggregate"]] = time.monotonic() + _BLOCKED_S
            log.warning("outbox row was not confirmed", unit=self._unit, row=row["id"], error=error.detail)
            return False
        return True
