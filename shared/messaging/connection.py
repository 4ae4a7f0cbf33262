"""Connections to the broker that come back by themselves, one for each purpose.

A lost connection is opened anew with everything on it, the topology included: nothing depends on what a client
library remembers of the old one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq.abc import AbstractChannel as UnderlayChannel
from aiormq.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError

from shared.messaging.declare import declare_topology
from shared.messaging.deliveries import Taker
from shared.messaging.line import BreakableConnection, break_off

HEARTBEAT_S = 5
_CONNECT_S = 5
_CLOSE_S = 2
_BROKEN_OFF_S = 0.5
_RETRY_S = (0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger(__name__)


class BrokerAwayError(ConnectionError):
    """The broker did not answer, or the connection was lost on the way."""


@contextlib.contextmanager
def broker_errors() -> Iterator[None]:
    """Raise BrokerAwayError for whatever a lost connection raises inside the block.

    A heartbeat failure cancels what is under way with a bare CancelledError; only a real cancellation of this
    task is let through. A cancellation that the client library swallowed is raised at the end of the block.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    failed: BaseException | None = None
    try:
        yield
    except (asyncio.CancelledError, AMQPError, ChannelInvalidStateError, OSError, TimeoutError) as error:
        failed = error
    if task and task.cancelling() > before:
        raise asyncio.CancelledError from failed
    if failed:
        # a message that was given back would be shown whole, with its body
        said = type(failed).__name__ if isinstance(failed, DeliveryError) else repr(failed)
        raise BrokerAwayError(said) from failed


async def open_connection(url: str, *, name: str) -> AbstractConnection:
    """Connect once; BrokerAwayError if the broker does not answer."""
    with broker_errors():
        return await aio_pika.connect(
            url,
            timeout=_CONNECT_S,
            heartbeat=HEARTBEAT_S,
            client_properties={"connection_name": name},
            connection_class=BreakableConnection,
        )


async def connect(url: str, *, name: str) -> AbstractConnection:
    """Connect and declare the topology, trying until the broker answers; cancel to give up."""
    attempt = 0
    while True:
        try:
            return await _connect_once(url, name=name)
        except BrokerAwayError as error:
            delay = _RETRY_S[min(attempt, len(_RETRY_S) - 1)]
            attempt += 1
            if attempt in (1, 10) or attempt % 60 == 0:
                log.warning("broker is away", connection=name, error=str(error), attempt=attempt)
            await asyncio.sleep(delay)


async def _connect_once(url: str, *, name: str) -> AbstractConnection:
    connection = await open_connection(url, name=name)
    try:
        with broker_errors():
            await declare_topology(connection)
    except BaseException:
        await close(connection)
        raise
    return connection


async def close(connection: AbstractConnection) -> None:
    """Close a connection, politely for two seconds; then, or when cancelled, break it off.

    The library's own close cannot be given a limit: when cancelled it still waits until its last bytes have left.
    """
    closing = asyncio.ensure_future(connection.close())
    try:
        await asyncio.wait({closing}, timeout=_CLOSE_S)
    finally:
        if not closing.done():
            break_off(connection)
    await asyncio.wait({closing}, timeout=_BROKEN_OFF_S)
    if closing.done() and not closing.cancelled() and (error := closing.exception()):
        log.info("connection to the broker did not close well", error=repr(error))


async def keep_connected(
    url: str, *, name: str, ready: Callable[[AbstractConnection], Awaitable[AbstractChannel]]
) -> None:
    """Connect and let `ready` open its channel; begin again when that channel or the connection is lost.

    Runs until cancelled, then closes the connection.
    """
    while True:
        connection = await connect(url, name=name)
        try:
            with broker_errors():
                channel = await ready(connection)
                await channel.closed()
        except BrokerAwayError as error:
            log.warning("channel could not be opened", connection=name, error=str(error))
        finally:
            await close(connection)
        log.warning("connection to the broker was lost", connection=name)
        await asyncio.sleep(_RETRY_S[0])


async def consume(
    connection: AbstractConnection,
    queue: str,
    callback: Callable[[AbstractIncomingMessage], Awaitable[Any]],
    *,
    prefetch: int,
) -> AbstractChannel:
    """Consume a queue on a channel of its own, which closes when the broker ends the consumer."""
    channel, _ = await _channel_for(connection, prefetch)
    await (await channel.get_queue(queue, ensure=False)).consume(callback)
    return channel


async def consume_in_bulk(
    connection: AbstractConnection, queue: str, taker: Taker, *, prefetch: int
) -> AbstractChannel:
    """Consume a queue as `consume` does; the taker is given as many deliveries at once as have arrived."""
    channel, underlay = await _channel_for(connection, prefetch)
    if not isinstance(connection, BreakableConnection):
        raise TypeError("deliveries can be taken in bulk only from a connection of open_connection")
    connection.tap(underlay, taker)
    await underlay.basic_consume(queue, _ignore)
    return channel


async def _channel_for(
    connection: AbstractConnection, prefetch: int
) -> tuple[AbstractChannel, UnderlayChannel]:
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=prefetch)
    ending: list[asyncio.Future[None]] = []

    def end(_: object) -> None:
        ending.append(asyncio.ensure_future(channel.close()))

    underlay = await channel.get_underlay_channel()
    underlay.on_consumer_cancel_callbacks.add(end)
    return channel, underlay


async def _ignore(_: object) -> None:
    """Take nothing: the deliveries of this consumer never come as far as the library."""
