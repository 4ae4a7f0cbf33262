"""Filling queues and watching them."""

import asyncio
from collections.abc import Sequence

import aio_pika
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel

from bench import backlog
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.inquiries import InquiryReceived
from shared.messaging import topology
from shared.messaging.declare import declare_topology

_IN_FLIGHT = 400


async def clear(amqp_url: str) -> None:
    """Declare the topology and empty its queues."""
    async with await aio_pika.connect(amqp_url) as connection:
        await declare_topology(connection)
        channel = await connection.channel()
        for name in [
            *(item.name for item in topology.QUEUES),
            *(topology.dead_queue(unit) for unit in topology.units()),
        ]:
            await (await channel.get_queue(name, ensure=False)).purge()


async def fill(
    amqp_url: str,
    messages: Sequence[backlog.Message],
    *,
    exchange: str,
    routing_key: str,
    content_type: str = CONTENT_TYPE,
) -> float:
    """Publish all messages with confirms; return how many a second."""
    started = asyncio.get_running_loop().time()
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        waiting = iter(messages)

        async def work() -> None:
            for item in waiting:
                message = Message(
                    item.body,
                    message_id=str(item.id),
                    type=InquiryReceived.topic,
                    content_type=content_type,
                    delivery_mode=DeliveryMode.PERSISTENT,
                )
                await target.publish(message, routing_key, mandatory=True)

        await asyncio.gather(*(work() for _ in range(_IN_FLIGHT)))
    return len(messages) / (asyncio.get_running_loop().time() - started)


async def depth(channel: AbstractChannel, name: str) -> int:
    """Return how many messages of a queue are ready."""
    queue = await channel.declare_queue(name, passive=True)
    return int(queue.declaration_result.message_count or 0)
