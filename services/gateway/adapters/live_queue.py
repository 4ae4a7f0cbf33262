"""The private queue of this process: what changes anywhere comes through it to open pages."""

import asyncio
import time
from datetime import datetime
from typing import Any

import aio_pika
import orjson
import structlog
from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aiormq.exceptions import AMQPError, ChannelInvalidStateError
from pydantic import ValidationError

from services.gateway.adapters.known import Known
from services.gateway.adapters.sessions import Sessions
from services.gateway.application.streams import Change, Streams
from services.gateway.domain.audience import Audience
from shared.contracts.leads import LeadEvent
from shared.contracts.staff import EmployeeChanged
from shared.kernel.clock import Clock
from shared.messaging import topology
from shared.messaging.connection import HEARTBEAT_S

LENGTH_MOST = 10_000
_LOOK_EVERY_S = 5.0
_AGAIN_S = (0.2, 0.5, 1.0, 2.0)
_AWAY = (AMQPError, ChannelInvalidStateError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class LiveQueue:
    """Consumes one exclusive queue that vanishes with its connection; after each gap everybody reads anew."""

    def __init__(self, url: str, streams: Streams, sessions: Sessions, known: Known, clock: Clock) -> None:
        self._url = url
        self._streams = streams
        self._sessions = sessions
        self._known = known
        self._clock = clock
        self._ready = asyncio.Event()

    async def ready(self) -> None:
        """Wait until the queue is bound."""
        await self._ready.wait()

    async def run(self) -> None:
        """Consume until cancelled, connecting and declaring again as often as needed."""
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._session()
            except _AWAY as error:
                failures = failures + 1 if time.monotonic() - started < _LOOK_EVERY_S else 1
                if failures in {1, 10} or failures % 60 == 0:
                    log.warning("the live link is down", error=repr(error), attempt=failures)
            self._ready.clear()
            self._streams.silence()
            await asyncio.sleep(_AGAIN_S[min(max(failures, 1), len(_AGAIN_S)) - 1])

    async def _session(self) -> None:
        connection = await aio_pika.connect(
            self._url,
            timeout=5,
            heartbeat=HEARTBEAT_S,
            client_properties={"connection_name": "gateway.live"},
        )
        try:
            closed = asyncio.Event()
            connection.close_callbacks.add(lambda *_: closed.set())
            channel = await connection.channel(publisher_confirms=False)
            channel.close_callbacks.add(lambda *_: closed.set())
            queue = await self._declare(channel)
            await queue.consume(self._take, no_ack=True)
            self._missed()
            self._ready.set()
            log.info("the live link is up", queue=queue.name)
            await self._watch(channel, queue.name, closed)
        finally:
            await connection.close()

    async def _declare(self, channel: AbstractChannel) -> AbstractQueue:
        exchange = await channel.declare_exchange(topology.EVENTS, ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(
            exclusive=True,
            auto_delete=True,
            arguments={"x-max-length": LENGTH_MOST, "x-overflow": "drop-head"},
        )
        for topic in topology.LIVE:
            await queue.bind(exchange, topic)
        return queue

    async def _watch(self, channel: AbstractChannel, name: str, closed: asyncio.Event) -> None:
        """Stay while the connection does; a queue filled by half may have dropped its head meanwhile."""
        while True:
            try:
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await closed.wait()
            except TimeoutError:
                async with asyncio.timeout(_LOOK_EVERY_S):
                    state = (await channel.declare_queue(name, passive=True)).declaration_result
                if (state.message_count or 0) > LENGTH_MOST // 2:
                    log.warning("the live queue is too long", messages=state.message_count)
                    self._missed()
            else:
                raise ConnectionError("closed")

    def _missed(self) -> None:
        self._known.teams.drop()
        self._sessions.forget_all()
        self._streams.gap()

    async def _take(self, message: AbstractIncomingMessage) -> None:
        try:
            attributes = orjson.loads(message.body)
            self.hear(str(attributes["type"]), attributes["data"])
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            log.warning("a live event is unreadable", topic=message.routing_key, error=repr(error)[:300])

    def hear(self, topic: str, data: dict[str, Any]) -> None:
        """Let an event take effect on sessions and open pages."""
        if topic == EmployeeChanged.topic:
            self._hear_employee(EmployeeChanged.model_validate(data))
        elif topic.startswith("leads."):
            self._streams.publish(change_of(topic, LeadEvent.model_validate(data), self._clock()))

    def _hear_employee(self, event: EmployeeChanged) -> None:
        self._known.teams.drop()
        self._sessions.forget_employee(event.employee_id)
        self._streams.employee_changed(
            event.employee_id, frozenset(event.role_ids), active=event.is_active and not event.deleted
        )


def change_of(topic: str, event: LeadEvent, at: datetime) -> Change:
    """Return what open pages are told of a lead's event."""
    audience = Audience(
        frozenset(event.audience.employees), frozenset(event.audience.roles), event.audience.everyone
    )
    return Change("lead", event.lead_id, event.version, topic, at, audience)
