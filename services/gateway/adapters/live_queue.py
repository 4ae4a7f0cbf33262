"""The private queue of this process: what changes anywhere comes through it to open pages."""

import asyncio
from datetime import datetime
from typing import Any

import orjson
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from prometheus_client import Gauge
from pydantic import ValidationError

from services.gateway.adapters.known import Known
from services.gateway.adapters.sessions import Sessions, hash_of
from services.gateway.application.streams import Change, Streams
from services.gateway.domain.audience import Audience
from shared.contracts.leads import LeadEvent
from shared.contracts.staff import EmployeeChanged, SessionClosed
from shared.kernel.clock import Clock
from shared.messaging import topology
from shared.messaging.connection import BrokerAwayError, broker_errors, consume, keep_connected

LENGTH_MOST = 10_000
_PREFETCH = 500
_LOOK_EVERY_S = 5.0

LENGTH = Gauge("voronka_live_queue_messages", "Events that wait for this process to tell open pages")

log = structlog.get_logger(__name__)


class LiveQueue:
    """Consumes one exclusive queue that vanishes with its connection; after each gap everybody reads anew."""

    def __init__(self, url: str, streams: Streams, sessions: Sessions, known: Known, clock: Clock) -> None:
        self._url = url
        self._streams = streams
        self._sessions = sessions
        self._known = known
        self._clock = clock
        self._connection: AbstractConnection | None = None
        self._name = ""

    @property
    def connected(self) -> bool:
        """Whether events arrive, as far as the client knows."""
        return self._connection is not None and not self._connection.is_closed

    async def run(self) -> None:
        """Consume until cancelled, on a connection that is opened anew with its queue whenever it is lost."""
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_connected(self._url, name="gateway.live", ready=self._open))
            group.create_task(self._look())

    async def _open(self, connection: AbstractConnection) -> AbstractChannel:
        declaring = await connection.channel()
        exchange = await declaring.get_exchange(topology.EVENTS, ensure=False)
        queue = await declaring.declare_queue(
            exclusive=True,
            auto_delete=True,
            arguments={"x-max-length": LENGTH_MOST, "x-overflow": "drop-head"},
        )
        for topic in topology.LIVE:
            await queue.bind(exchange, topic)
        consuming = await consume(connection, queue.name, self._take, prefetch=_PREFETCH)
        await declaring.close()
        self._connection, self._name = connection, queue.name
        self._missed()
        log.info("the live link is up", queue=queue.name)
        return consuming

    async def _look(self) -> None:
        """Look at the queue now and then: one filled by half may have dropped its head meanwhile."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._connection is None or self._connection.is_closed:
                continue
            try:
                waiting = await self._waiting(self._connection)
            except BrokerAwayError as error:
                log.info("the live queue cannot be seen", error=str(error))
                continue
            LENGTH.set(waiting)
            if waiting > LENGTH_MOST // 2:
                log.warning("the live queue is too long", messages=waiting)
                self._missed()

    async def _waiting(self, connection: AbstractConnection) -> int:
        with broker_errors():
            async with asyncio.timeout(_LOOK_EVERY_S), connection.channel() as channel:
                queue = await channel.declare_queue(self._name, passive=True)
        return queue.declaration_result.message_count or 0

    def _missed(self) -> None:
        self._known.teams.drop()
        self._sessions.forget_all()
        self._streams.gap()

    async def _take(self, message: AbstractIncomingMessage) -> None:
        await message.ack()
        try:
            attributes = orjson.loads(message.body)
            self.hear(str(attributes["type"]), attributes["data"])
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            log.warning("a live event is unreadable", topic=message.routing_key, error=repr(error)[:300])

    def hear(self, topic: str, data: dict[str, Any]) -> None:
        """Let an event take effect on sessions and open pages."""
        if topic == EmployeeChanged.topic:
            self._hear_employee(EmployeeChanged.model_validate(data))
        elif topic == SessionClosed.topic:
            self._hear_session(SessionClosed.model_validate(data))
        elif topic.startswith("leads."):
            self._streams.publish(change_of(topic, LeadEvent.model_validate(data), self._clock()))

    def _hear_session(self, event: SessionClosed) -> None:
        """Forget a session that was closed, maybe through another process."""
        self._sessions.forget_hash(event.token_hash)
        for token in self._streams.tokens:
            if hash_of(token) == event.token_hash:
                self._streams.end_session(token)

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
