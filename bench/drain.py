"""`intake.drain` and `intake.naive`: how fast one worker turns a backlog into leads."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import aio_pika
import asyncpg
import orjson

from bench import broker, database, floor, naive
from bench.backlog import FIRST_KNOWN, Message, backlog
from bench.figures import Figure, middle
from bench.machine import Machine
from bench.processes import Running, program, unit
from shared.messaging import topology

CONTACTS = 100_000
_POLL_S = 0.02
_PATIENCE_S = 300
_INTAKE = "leads.intake"
_ROUTING_KEY = "connectors.inquiry-received.v1"


async def timed(
    amqp_url: str,
    queue: str,
    count: int,
    running: AbstractAsyncContextManager[Running],
    done: Callable[[], Awaitable[bool]],
) -> tuple[float, float]:
    """Start the consumer and return messages per second and its CPU milliseconds per message.

    The clock runs from the first message taken to the moment at which `done` says that nothing is left; it is asked
    only when the queue is empty, so that asking costs the database nothing while it works.
    """
    loop = asyncio.get_running_loop()
    async with await aio_pika.connect(amqp_url) as connection, asyncio.timeout(_PATIENCE_S):
        channel = await connection.channel()
        async with running as consumer:
            started, used = loop.time(), consumer.cpu_s()
            while (left := await broker.depth(channel, queue)) or not await done():
                if left == count:  # nothing taken yet
                    started, used = loop.time(), consumer.cpu_s()
                await asyncio.sleep(_POLL_S)
            seconds = loop.time() - started
            return count / seconds, 1000 * (consumer.cpu_s() - used) / count


async def drain(machine: Machine, *, count: int, repeats: int) -> list[Figure]:
    """Measure the product and its floor in turns."""
    products, floors, cpu = [], [], []
    for turn in range(repeats):
        messages = backlog(count, contacts=CONTACTS, seed=turn, run=f"drain-{turn}")
        floors.append(await _floor(machine, messages))
        rate, milliseconds = await _product(machine, messages)
        products.append(rate)
        cpu.append(milliseconds)
    (value, spread), (least, _) = middle(products), middle(floors)
    note = f"{middle(cpu)[0]:.3f} ms of the worker's CPU each"
    return [Figure("intake.drain", value, "inquiries/s", least, value / least, count, spread, note)]


async def _product(machine: Machine, messages: list[Message]) -> tuple[float, float]:
    found = await database.fresh(machine.postgres_url, contacts=CONTACTS)
    await broker.clear(machine.amqp_url)
    await broker.fill(machine.amqp_url, messages, exchange=topology.INQUIRIES, routing_key=_ROUTING_KEY)
    connection = await asyncpg.connect(found.url)

    async def done() -> bool:
        if await connection.fetchval("select exists (select from outbox)"):
            return False
        return bool(await connection.fetchval("select count(*) from inquiries") == len(messages))

    try:
        worker = unit("services.leads", "worker", "leads", machine.amqp_url, LEADS_DATABASE_URL=found.url)
        return await timed(machine.amqp_url, _INTAKE, len(messages), worker, done)
    finally:
        await connection.close()


async def _floor(machine: Machine, messages: list[Message]) -> float:
    found = await database.fresh(machine.postgres_url, contacts=1)
    await broker.clear(machine.amqp_url)
    await broker.fill(machine.amqp_url, messages, exchange=topology.INQUIRIES, routing_key=_ROUTING_KEY)
    connection = await asyncpg.connect(found.owner_url)
    await connection.execute(floor.MAKE)

    async def done() -> bool:
        return bool(await connection.fetchval("select count(*) from floor_inquiries") == len(messages))

    try:
        command = [sys.executable, "-m", "bench.floor", machine.amqp_url, found.owner_url]
        rate, _ = await timed(machine.amqp_url, _INTAKE, len(messages), program(command, os.environ, 0), done)
        return rate
    finally:
        await connection.close()


async def naive_drain(machine: Machine, *, count: int, repeats: int, product: float) -> list[Figure]:
    """Measure the tutorial pattern on a smaller backlog of the same kind."""
    backlogs = [backlog(count, contacts=CONTACTS, seed=turn, run=f"naive-{turn}") for turn in range(repeats)]
    rates = [await _naive(machine, messages) for messages in backlogs]
    value, spread = middle(rates)
    return [
        Figure(
            "intake.naive",
            value,
            "inquiries/s",
            product,
            product / value,
            count,
            spread,
            "ratio: drain / naive",
        )
    ]


async def _naive(machine: Machine, messages: list[Message]) -> float:
    found = await database.fresh(machine.postgres_url, contacts=1)
    await naive.prepare(found.owner_url, contacts=CONTACTS, employees=20, first=FIRST_KNOWN)
    async with await aio_pika.connect(machine.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            "naive.intake", durable=True, arguments={"x-queue-type": "quorum"}
        )
        await queue.purge()
    plain = [Message(item.id, orjson.dumps(orjson.loads(item.body)["data"])) for item in messages]
    await broker.fill(
        machine.amqp_url, plain, exchange="", routing_key="naive.intake", content_type="application/json"
    )
    database_connection = await asyncpg.connect(found.owner_url)

    async def done() -> bool:
        return bool(
            await database_connection.fetchval("select count(*) from naive_inquiries") == len(messages)
        )

    try:
        command = [sys.executable, "-m", "bench.naive", machine.amqp_url, found.owner_url]
        rate, _ = await timed(
            machine.amqp_url, "naive.intake", len(messages), program(command, os.environ, 0), done
        )
        return rate
    finally:
        await database_connection.close()
