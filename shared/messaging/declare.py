"""Declaring the topology in the broker: every process that publishes does it before the first message."""

from typing import Any

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractConnection

from shared.messaging import topology

_QUORUM: dict[str, Any] = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}


def work_arguments(name: str) -> dict[str, Any]:
    """Return the arguments of a work queue: what fails too often goes to the unit's dead letters."""
    return {
        **_QUORUM,
        "x-delivery-limit": topology.DELIVERY_LIMIT,
        "x-dead-letter-exchange": topology.DEAD_LETTERS,
        "x-dead-letter-routing-key": name,
        "x-dead-letter-strategy": "at-least-once",
    }


async def declare_topology(connection: AbstractConnection) -> None:
    """Declare all exchanges, queues and bindings on a channel of its own; safe to repeat."""
    channel = await connection.channel()
    try:
        for name in topology.EXCHANGES:
            await channel.declare_exchange(name, ExchangeType.TOPIC, durable=True)
        await _declare_dead_letters(channel)
        await _declare_delays(channel)
        for item in topology.QUEUES:
            queue = await channel.declare_queue(item.name, durable=True, arguments=work_arguments(item.name))
            for topic in item.topics:
                await queue.bind(item.exchange, topic)
    finally:
        await channel.close()


async def _declare_dead_letters(channel: AbstractChannel) -> None:
    for unit in topology.units():
        queue = await channel.declare_queue(topology.dead_queue(unit), durable=True, arguments=_QUORUM)
        await queue.bind(topology.DEAD_LETTERS, f"{unit}.#")


async def _declare_delays(channel: AbstractChannel) -> None:
    for delay in topology.DELAYS:
        await channel.declare_exchange(delay.name, ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(
            delay.name,
            durable=True,
            arguments={
                **_QUORUM,
                "x-message-ttl": delay.milliseconds,
                "x-dead-letter-exchange": topology.STRAIGHT,  # back by routing key, which names the queue it came from
                "x-dead-letter-strategy": "at-least-once",
            },
        )
        await queue.bind(delay.name, "")
