"""Connections to the broker that come back by themselves, one for each purpose."""

import asyncio
from collections.abc import Awaitable, Callable

import aio_pika
import structlog
from aio_pika.abc import AbstractRobustConnection
from aiormq.exceptions import AMQPError

from shared.messaging.declare import declare_topology

HEARTBEAT_S = 5
_RETRY_S = (0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger(__name__)


async def connect(url: str, *, name: str) -> AbstractRobustConnection:
    """Connect and declare the topology, trying until the broker answers; cancel to give up."""
    attempt = 0
    while True:
        try:
            return await _connect_once(url, name=name)
        except (AMQPError, OSError, TimeoutError) as error:
            delay = _RETRY_S[min(attempt, len(_RETRY_S) - 1)]
            attempt += 1
            if attempt in (1, 10) or attempt % 60 == 0:
                log.warning("broker is away", connection=name, error=repr(error), attempt=attempt)
            await asyncio.sleep(delay)


async def _connect_once(url: str, *, name: str) -> AbstractRobustConnection:
    connection = await aio_pika.connect_robust(
        url, timeout=5, heartbeat=HEARTBEAT_S, reconnect_interval=1, client_properties={"connection_name": name}
    )
    try:
        await declare_topology(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def keep_connected(
    url: str, *, name: str, ready: Callable[[AbstractRobustConnection], Awaitable[None]]
) -> None:
    """Connect, hand the connection to `ready`, then stay until cancelled and close it."""
    connection = await connect(url, name=name)
    try:
        await ready(connection)
        await asyncio.Event().wait()
    finally:
        await connection.close()
