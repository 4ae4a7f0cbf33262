"""A queue of our own that hears every event, so that what was told can be compared with what is."""

from typing import Any

import aio_pika
import orjson
from aio_pika.abc import AbstractConnection

from shared.messaging import topology

NAME = "chaos.tap"
_OWNERS = {
    "channels.channel-changed.v1": "channels",
    "contacts.contact-changed.v1": "contacts",
    "staff.employee-changed.v1": "employees",
    "staff.role-changed.v1": "roles",
}


class Tap:
    """Collects the greatest version of each record that events told of."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self.told: dict[tuple[str, str], int] = {}

    async def open(self) -> None:
        """Declare the queue before anything is said."""
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            await channel.declare_exchange(topology.EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
            queue = await channel.declare_queue(NAME, durable=True, arguments={"x-queue-type": "quorum"})
            await queue.bind(topology.EVENTS, "#")

    async def collect(self) -> dict[tuple[str, str], int]:
        """Take in what was said since the last time and return all that was told."""
        async with await aio_pika.connect(self._url) as connection:
            queue = await (await connection.channel()).get_queue(NAME, ensure=False)
            while (message := await queue.get(fail=False, no_ack=True)) is not None:
                self._hear(orjson.loads(message.body))
        return dict(self.told)

    def _hear(self, event: dict[str, Any]) -> None:
        topic, version = event["type"], event["data"].get("version")
        owner = _OWNERS.get(topic) or ("leads" if topic.startswith("leads.") else "")
        if owner and version is not None:
            record = (owner, event["subject"])
            self.told[record] = max(version, self.told.get(record, 0))


async def depths(connection: AbstractConnection) -> dict[str, int]:
    """Return how many messages are ready in each queue of the topology."""
    names = [item.name for item in (*topology.QUEUES, *topology.DELAYS)]
    names += [topology.dead_queue(unit) for unit in topology.units()]
    channel = await connection.channel()
    found = {}
    for name in names:
        queue = await channel.declare_queue(name, passive=True)
        found[name] = int(queue.declaration_result.message_count or 0)
    await channel.close()
    return found
