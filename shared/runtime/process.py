"""Running a declared unit: resources, HTTP, background work and a clean end, in one process."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from shared.database.engine import open_engine
from shared.http.app import create_app
from shared.http.health import Check
from shared.http.tokens import KeyRing, SigningKey
from shared.kernel.clock import utc_now
from shared.messaging import topology
from shared.messaging.dead_letter_desk import DeadLetterDesk
from shared.messaging.dead_letters import DeadLetterDrain
from shared.messaging.edge import Edge
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.spool import Spool
from shared.messaging.subscribers import Subscribers
from shared.messaging.watchdog import Watchdog
from shared.runtime.connections import PromptHeads
from shared.runtime.dead_letter_routes import dead_letter_routes
from shared.runtime.declaration import Resources, Unit
from shared.runtime.pulse import watched_pulse
from shared.runtime.settings import DatabaseSettings, EdgeSettings, UnitSettings

_DRAIN_S = 5
_NEW_OBJECTS = 50_000

Job = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Assembled:
    """A unit ready to be served: its HTTP application and what runs beside it, by name."""

    app: FastAPI
    jobs: dict[str, Job]
    checks: dict[str, Check]


@asynccontextmanager
async def assemble(
    unit: Unit, settings: UnitSettings, process: str, ending: asyncio.Event | None = None
) -> AsyncIterator[Assembled]:
    """Open the unit's resources, compose its application and yield it; everything is closed at the end.

    `ending` is given by a process of several units, for which it is one event.
    """
    async with AsyncExitStack() as stack:
        resources = await _open(unit, settings, stack)
        resources.ending = ending or resources.ending
        composed = await stack.enter_async_context(unit.build(resources))
        jobs = dict(_jobs(unit, settings, resources, composed, process))
        checks = _checks(resources, process)
        app = create_app(
            unit.title or unit.name,
            routers=(*unit.routers, *_own_routers(unit, resources)) if process in {"api", "all"} else (),
            routes=unit.routes if process in {"api", "all"} else (),
            checks=checks,
            keys=resources.keys,
            body_limit=unit.body_limit,
        )
        app.state.app = composed
        app.state.ending = resources.ending
        if unit.customize is not None and process in {"api", "all"}:
            unit.customize(app, composed)
        yield Assembled(app, jobs, checks)


async def _open(unit: Unit, settings: UnitSettings, stack: AsyncExitStack) -> Resources:
    publisher = Publisher(settings.amqp_url, source=f"voronka/{unit.name}")
    resources = Resources(
        settings=settings,
        clock=utc_now,
        publisher=publisher,
        signer=SigningKey(unit.name, settings.signing_key),
        keys=KeyRing.parse(settings.public_keys),
    )
    if unit.database is not None and isinstance(settings, DatabaseSettings):
        resources.engine = open_engine(settings.database_url, name=unit.name)
        stack.push_async_callback(resources.engine.dispose)
        resources.outbox = Outbox(unit.database.outbox, f"voronka/{unit.name}")
        resources.relay = Relay(settings.database_url, publisher, unit=unit.name)
    await stack.enter_async_context(publisher)
    if isinstance(settings, EdgeSettings):
        resources.edge = Edge(publisher, _spool(unit, settings) if settings.spool_dir else None)
    return resources


def _spool(unit: Unit, settings: EdgeSettings) -> Callable[[], Spool]:
    return lambda: Spool(Path(settings.spool_dir), unit=unit.name, limit=settings.spool_mb * 1_000_000)


def _jobs(
    unit: Unit, settings: UnitSettings, resources: Resources, composed: Any, process: str
) -> Sequence[tuple[str, Job]]:
    jobs: list[tuple[str, Job]] = [(work.__name__, _bind(work, composed, resources)) for work in unit.always]
    if resources.edge is not None and resources.edge.has_spool:
        jobs.append(("spool", resources.edge.run))
    if process == "api":
        return jobs
    jobs += [(work.__name__, _bind(work, composed, resources)) for work in unit.workers]
    if resources.relay is not None:
        jobs.append(("relay", resources.relay.run))
    if names := [*(item.queue for item in unit.subscriptions), *unit.queues]:
        jobs.append(("watchdog", Watchdog(settings.amqp_url, names, unit=unit.name).run))
    if unit.database is None or resources.engine is None:
        return jobs
    for name in topology.kept_by(unit.name):
        drain = DeadLetterDrain(
            settings.amqp_url, unit=name, engine=resources.engine, table=unit.database.dead_letters
        )
        jobs.append((f"dead letters of {name}", drain.run))
    if unit.subscriptions:
        subscribers = Subscribers(
            settings.amqp_url,
            resources.publisher,
            unit=unit.name,
            engine=resources.engine,
            inbox=unit.database.inbox,
            app=composed,
            subscriptions=unit.subscriptions,
        )
        jobs.append(("subscribers", subscribers.run))
    return jobs


def _own_routers(unit: Unit, resources: Resources) -> list[APIRouter]:
    """Return the routes that a unit has without declaring them."""
    if unit.database is None or resources.engine is None:
        return []
    table = unit.database.dead_letters
    desk = DeadLetterDesk(resources.engine, table, resources.publisher, resources.clock)
    return [dead_letter_routes(resources.engine, table, desk)]


def _bind(work: Callable[[Any, Resources], Awaitable[None]], composed: Any, resources: Resources) -> Job:
    return lambda: work(composed, resources)


def _checks(resources: Resources, process: str) -> dict[str, Check]:
    checks: dict[str, Check] = {}
    engine = resources.engine
    if engine is not None:

        async def database() -> None:
            async with engine.connect() as connection:
                await connection.execute(text("select 1"))

        checks["database"] = database
    if process in {"worker", "all"} and not (resources.edge and resources.edge.has_spool):

        async def broker() -> None:
            if not resources.publisher.connected:
                raise ConnectionError("the broker is away")

        checks["broker"] = broker
    return checks


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers of its own: the process ends its jobs before it ends."""

    def __init__(self, config: uvicorn.Config, ending: asyncio.Event) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that the process ends, then wait for the answers under way."""
        self._ending.set()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave the signals to `serve`."""
        yield


def _calm_the_collector() -> None:
    """Let the cyclic collector run seldom: a batch makes tens of thousands of objects that die by themselves.

    With the usual threshold a third of a worker's time went into looking at them. What the start made lives as long
    as the process and is not looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)


async def serve(
    app: FastAPI, jobs: dict[str, Job], *, host: str, port: int, most_connections: int | None = None
) -> int:
    """Serve HTTP and run the jobs until a signal or a failed job; return the exit code."""
    _calm_the_collector()
    server = _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=PromptHeads,
            limit_concurrency=most_connections,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_DRAIN_S,
            server_header=False,
            proxy_headers=False,
        ),
        app.state.ending,
    )
    failed: list[str] = []

    async def guard(name: str, job: Job) -> None:
        task = asyncio.current_task()
        why: BaseException | None = None
        try:
            await job()
        except asyncio.CancelledError as error:
            if task and task.cancelling():
                raise
            why = error
        except Exception as error:  # noqa: BLE001 - whatever it was
            why = error
        failed.append(name)  # a dead job ends the process: it starts again clean
        server.should_exit = True
        log.error("job is over", job=name, exc_info=why)

    _end_on_signals(server)
    tasks = [asyncio.create_task(guard(name, job), name=name) for name, job in jobs.items()]
    try:
        with watched_pulse():
            await server.serve()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return 1 if failed or not server.started else 0


def _end_on_signals(server: uvicorn.Server) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, end)
