"""`make queues` says of each queue what waits in it and who takes it."""

from aio_pika import Message

from deploy.local import queues
from shared.messaging import topology
from shared.messaging.connection import close, connect
from tests.servers import NewVhost


async def test_each_queue_is_shown_with_its_messages_and_consumers(fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    connection = await connect(url, name="tests")
    said: list[str] = []
    try:
        channel = await connection.channel(publisher_confirms=True)
        item = Message(b"x")
        await channel.default_exchange.publish(item, "leads.intake")
        assert await queues.show(url, said.append) == 0
    finally:
        await close(connection)
    rows = {line.split()[0]: line.split()[1:] for line in said[1:]}
    assert rows["leads.intake"] == ["1", "0"]
    assert {queue.name for queue in topology.QUEUES} <= set(rows)
    assert topology.dead_queue("leads") in rows


async def test_a_queue_that_is_missing_is_said_to_be(fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    said: list[str] = []
    assert await queues.show(url, said.append) == 0
    assert all(line.endswith("there is no such queue") for line in said[1:])
