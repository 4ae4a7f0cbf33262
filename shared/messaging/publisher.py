"""Publishing that tells the truth: confirmed, mandatory, within its own time limit."""

import asyncio
from collections.abc import Sequence
from typing import Self, cast
from uuid import UUID

import structlog
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from aiormq.channel import Channel

from shared.contracts.base import Contract
from shared.contracts.envelope import CONTENT_TYPE, encode
from shared.kernel.clock import Clock, utc_now
from shared.kernel.errors import BusyError
from shared.messaging import topology
from shared.messaging.connection import BrokerAwayError, broker_errors, keep_connected
from shared.messaging.line import break_off, is_stuck
from shared.messaging.pipeline import Event, publish_wave

log = structlog.get_logger(__name__)


class PublishFailedError(BusyError):
    """The broker did not confirm the message in time: it is in doubt, not refused."""

    slug = "publish-failed"


def message(
    body: bytes, *, message_id: UUID, topic: str, headers: dict[str, str | int] | None = None
) -> Message:
    """Return a persistent message in the CloudEvents content type."""
    return Message(
        body,
        message_id=str(message_id),
        type=topic,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        headers=dict(headers or {}),
    )


async def publish_confirmed(
    exchange: AbstractExchange, item: Message, routing_key: str, *, mandatory: bool, within_s: float
) -> None:
    """Publish and wait for the broker's confirm; PublishFailedError when it does not come in time."""
    try:
        with broker_errors():
            async with asyncio.timeout(within_s):
                await exchange.publish(item, routing_key, mandatory=mandatory)
    except BrokerAwayError as error:
        raise PublishFailedError(str(error)) from error


class Publisher:
    """The publishing connection of a process; usable before the broker answers, then it fails fast."""

    def __init__(self, url: str, *, source: str, clock: Clock = utc_now) -> None:
        self._url = url
        self._source = source
        self._clock = clock
        self._exchanges: dict[str, AbstractExchange] = {}
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(
            keep_connected(self._url, name=f"{self._source}.publish", ready=self._open)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _open(self, connection: AbstractConnection) -> AbstractChannel:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        names = (*topology.EXCHANGES, *(delay.name for delay in topology.DELAYS))
        self._exchanges = {name: await channel.get_exchange(name, ensure=False) for name in names}
        self._exchanges[topology.STRAIGHT] = channel.default_exchange
        self._connection, self._channel = connection, channel
        log.info("publisher is connected", source=self._source)
        return channel

    @property
    def connected(self) -> bool:
        """Whether the channel is open as far as the client knows."""
        return self._channel is not None and not self._channel.is_closed

    async def publish(
        self,
        data: Contract,
        *,
        message_id: UUID,
        exchange: str = topology.EVENTS,
        routing_key: str = "",
        mandatory: bool = False,
        timeout: float = 1.0,  # noqa: ASYNC109 - the limit is the caller's promise to its own client
        traceparent: str = "",
        subject: str = "",
    ) -> None:
        """Publish a contract as CloudEvents JSON; PublishFailedError when not confirmed within `timeout` s."""
        body = encode(
            data,
            message_id=message_id,
            source=self._source,
            time=self._clock(),
            traceparent=traceparent,
            subject=subject,
        )
        item = message(body, message_id=message_id, topic=data.topic)
        await self.send(
            item,
            exchange=exchange,
            routing_key=routing_key or data.topic,
            mandatory=mandatory,
            within_s=timeout,
        )

    async def send(
        self, item: Message, *, exchange: str, routing_key: str, mandatory: bool, within_s: float = 5.0
    ) -> None:
        """Publish a ready message; PublishFailedError when it is not confirmed."""
        target = self._exchanges.get(exchange)
        if target is None or not self.connected:
            raise PublishFailedError("the broker is away")
        await publish_confirmed(target, item, routing_key, mandatory=mandatory, within_s=within_s)

    async def send_events(self, events: Sequence[Event], *, within_s: float = 5.0) -> list[bool]:
        """Publish events together; say of each whether it was confirmed within the limit.

        PublishFailedError when the broker is away.
        """
        if self._channel is None or self._channel.is_closed:
            raise PublishFailedError("the broker is away")
        try:
            with broker_errors():
                channel = cast("Channel", await self._channel.get_underlay_channel())
                confirmed = await publish_wave(channel, events, within_s=within_s)
                if not all(confirmed) and await is_stuck(self._connection):
                    log.warning("the broker does not read, its connection is broken off", source=self._source)
                    break_off(self._connection)  # a new one is opened as soon as it can be
                return confirmed
        except BrokerAwayError as error:
            raise PublishFailedError(str(error)) from error
