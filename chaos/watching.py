"""Looking at a system while it is being broken, and waiting until it has settled."""

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aio_pika
import asyncpg

from chaos.checker import Violation, check
from chaos.facts import Facts
from chaos.ledger import promises, read_lines
from chaos.reading import read_facts
from chaos.recovery import Look
from chaos.stage import Stage
from chaos.tap import depths
from deploy.local import probe

_LOOK_S = 0.5
_QUIET_S = 12.0
_SETTLES_WITHIN_S = 100.0
_COUNT = "select count(*) from inquiries where starts_with(external_id, $1)"
_PASSING = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(slots=True)
class Watch:
    """Looks twice a second: who is ready, how many events of the act are accepted and stored."""

    stage: Stage
    prefix: str
    looks: list[Look] = field(default_factory=list)
    _database: asyncpg.Connection | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            while True:
                self.looks.append(await self._look())
                await asyncio.sleep(_LOOK_S)
        finally:
            if self._database is not None:
                self._database.terminate()

    async def _look(self) -> Look:
        ready, stored = await asyncio.gather(self._ready(), self._stored())
        accepted = sum(event.accepted for event in self.stage.ledger.promises.of(self.prefix))
        return Look(time.monotonic(), ready, accepted, stored)

    async def _ready(self) -> bool:
        asked = (probe.ready(item.port) for item in self.stage.programs.values())
        return not any(await asyncio.gather(*asked, return_exceptions=True))

    async def _stored(self) -> int:
        try:
            async with asyncio.timeout(3):
                if self._database is None or self._database.is_closed():
                    self._database = await asyncpg.connect(self.stage.urls["leads"], timeout=2)
                return int(await self._database.fetchval(_COUNT, self.prefix))
        except _PASSING:
            if self._database is not None:
                self._database.terminate()
                self._database = None
            return self.looks[-1].stored if self.looks else 0


async def look_at_all(stage: Stage) -> tuple[Facts, list[Violation]]:
    """Read everything once and return it with what is broken in it; the journal is read from its file."""
    async with await aio_pika.connect(stage.amqp_url, timeout=10) as connection:
        queues = await depths(connection)
    queues["spool"] = await asyncio.to_thread(spooled, stage.spool)
    told = await stage.tap.collect()
    facts = await read_facts(stage.urls, told, queues)
    return facts, check(promises(read_lines(stage.ledger.file)), facts)


def spooled(folder: Path) -> int:
    """Return how many accepted messages still wait on disk for the broker."""
    count = 0
    for file in folder.glob("*.spool"):
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)) as spool:
            count += spool.execute("select count(*) from spooled").fetchone()[0]
    return count


async def settled(stage: Stage) -> tuple[Facts, list[Violation]]:
    """Wait until nothing is broken, or nothing has changed for a while; return the last facts and what is broken."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _SETTLES_WITHIN_S
    before: object = None
    quiet_since = loop.time()
    while True:
        facts, broken = await look_at_all(stage)
        state = (facts.inquiries, facts.outbox, facts.copied, facts.queues, facts.dead)
        waits = any(count for name, count in facts.queues.items() if name.startswith("retry."))
        if state != before or waits:
            before, quiet_since = state, loop.time()
        now = loop.time()
        if not broken or now > until:
            return facts, broken
        if now - quiet_since > _QUIET_S:
            held = await asyncio.to_thread(stage.servers.unacknowledged, stage.vhost)
            if not sum(held.values()):
                return facts, broken
            quiet_since = loop.time()  # somebody still works on something, or stands still with it
        await asyncio.sleep(1)
