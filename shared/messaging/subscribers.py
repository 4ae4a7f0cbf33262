"""Subscribers declared by units: one message, one transaction, the inbox, retries; run by FastStream."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import structlog
from aiormq.exceptions import AMQPError
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.contracts.base import Contract
from shared.contracts.envelope import Envelope
from shared.database.errors import patiently
from shared.messaging.connection import HEARTBEAT_S, close, connect
from shared.messaging.inbox import is_first
from shared.messaging.publisher import Publisher
from shared.messaging.retries import explain, park, retry_later
from shared.observability.tracing import use_traceparent

_PREFETCH = 20

log = structlog.get_logger(__name__)

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[C]):
    """A message on its way into a handler: the contract, its envelope and the open transaction."""

    data: C
    envelope: Envelope[C]
    connection: AsyncConnection
    app: Any
    """The unit's composed application, as its bootstrap yields it."""


Handler = Callable[[Delivery[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue of the topology and what is done with each contract that comes through it."""

    queue: str
    handlers: tuple[tuple[type[Contract], Handler], ...]

    @property
    def by_topic(self) -> dict[str, tuple[type[Contract], Handler]]:
        """The handlers by wire name."""
        return {contract.topic: (contract, handler) for contract, handler in self.handlers}


class Subscribers:
    """The FastStream broker of a worker with all subscriptions of its unit."""

    def __init__(
        self,
        url: str,
        publisher: Publisher,
        *,
        unit: str,
        engine: AsyncEngine,
        inbox: Table,
        app: Any,
        subscriptions: Sequence[Subscription],
    ) -> None:
        self._url = url
        self._publisher = publisher
        self._unit = unit
        self._engine = engine
        self._inbox = inbox
        self._app = app
        self._subscriptions = subscriptions

    async def run(self) -> None:
        """Consume until cancelled, starting as soon as the broker answers."""
        while True:
            await close(await connect(self._url, name=f"{self._unit}.declare"))
            broker = self._broker()
            try:
                await broker.start()
            except (AMQPError, OSError, TimeoutError) as error:
                log.warning("subscribers could not start", unit=self._unit, error=repr(error))
                await broker.stop()
                await asyncio.sleep(1)
                continue
            log.info("subscribers are consuming", unit=self._unit, queues=len(self._subscriptions))
            try:
                await asyncio.Event().wait()
            finally:
                await broker.stop()

    def _broker(self) -> RabbitBroker:
        separator = "&" if "?" in self._url else "?"
        broker = RabbitBroker(
            f"{self._url}{separator}heartbeat={HEARTBEAT_S}",
            logger=None,
            apply_types=True,
            reconnect_interval=1.0,
            graceful_timeout=8.0,
        )
        for subscription in self._subscriptions:
            subscriber = broker.subscriber(
                RabbitQueue(subscription.queue, declare=False),
                channel=Channel(prefetch_count=_PREFETCH),
                ack_policy=AckPolicy.NACK_ON_ERROR,
                no_reply=True,
            )
            subscriber(self._consumer(subscription))
        return broker

    def _consumer(self, subscription: Subscription) -> Callable[[RabbitMessage], Awaitable[None]]:
        handlers = subscription.by_topic

        async def consume(message: RabbitMessage) -> None:
            raw = message.raw_message
            try:
                attributes = orjson.loads(raw.body)
                contract, handler = handlers[attributes["type"]]
                envelope: Envelope[Any] = Envelope[contract].model_validate(attributes)  # type: ignore[valid-type]
            except (ValueError, KeyError, TypeError) as error:
                await park(self._publisher, subscription.queue, raw, f"unreadable: {explain(error)}")
                return
            try:
                with use_traceparent(envelope.traceparent):
                    await patiently(
                        lambda: self._apply(subscription.queue, envelope, handler), waiting=subscription.queue
                    )
            except Exception as error:  # noqa: BLE001 - a failed message waits and comes back, others go on
                await retry_later(self._publisher, subscription.queue, raw, error)

        return consume

    async def _apply(self, queue: str, envelope: Envelope[Any], handler: Handler) -> None:
        async with self._engine.begin() as connection:
            if await is_first(connection, self._inbox, queue, UUID(str(envelope.id))):
                await handler(Delivery(envelope.data, envelope, connection, self._app))
