"""The topology is safe to declare again and again, and every delay gives messages back to their queue."""

import asyncio
import time
from uuid import uuid4

import pytest

from shared.messaging import topology
from shared.messaging.connection import connect
from shared.messaging.declare import declare_topology
from shared.messaging.publisher import Publisher, message
from tests.servers import NewVhost
from tests.shared.messaging.trial import Trial
from tests.shared.waiting import eventually


async def test_the_topology_can_be_declared_again_and_by_several_at_once(fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    connections = await asyncio.gather(*(connect(url, name="tests") for _ in range(4)))
    try:
        await asyncio.gather(*(declare_topology(connection) for connection in connections))
        channel = await connections[0].channel()
        names = [item.name for item in (*topology.QUEUES, *topology.DELAYS)]
        names += [topology.dead_queue(unit) for unit in topology.units()]
        for name in names:
            queue = await channel.declare_queue(name, passive=True)
            assert queue.declaration_result.message_count == 0
            await channel.queue_delete(name)
    finally:
        for connection in connections:
            await connection.close()


@pytest.mark.parametrize("place", [0, 1])
async def test_a_delay_gives_the_message_back_to_the_queue_it_came_from(
    trial: Trial, publisher: Publisher, place: int
) -> None:
    delay = topology.DELAYS[place]
    started = time.monotonic()
    item = message(b"x", message_id=uuid4(), topic="t", headers={"x-attempt": 1})
    await publisher.send(item, exchange=delay.name, routing_key=trial.queue, mandatory=True)
    await eventually(trial.count)
    assert time.monotonic() - started >= delay.milliseconds / 1000
    found = await trial.take()
    assert found is not None
    assert found.headers["x-attempt"] == 1


def test_the_delays_grow_from_two_seconds_to_an_hour() -> None:
    assert [delay.milliseconds // 1000 for delay in topology.DELAYS] == [2, 10, 60, 600, 3600]


async def test_a_dead_letter_goes_to_the_queue_of_its_own_unit_only(
    trial: Trial, publisher: Publisher
) -> None:
    item = message(b"x", message_id=uuid4(), topic="t")
    await publisher.send(item, exchange=topology.DEAD_LETTERS, routing_key=trial.queue, mandatory=True)
    assert await trial.count(topology.dead_queue(trial.unit)) == 1


def test_a_queue_is_found_by_its_name() -> None:
    assert topology.queue("leads.intake").exchange == topology.INQUIRIES
    with pytest.raises(KeyError):
        topology.queue("nobody.nothing")
