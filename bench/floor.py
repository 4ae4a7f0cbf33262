"""The floor of intake: consume and write with one statement for each batch, nothing else.

`python -m bench.floor <amqp_url> <database_url>` consumes the intake queue until it is ended.
"""

import asyncio
import sys
from collections import deque
from uuid import UUID

import aio_pika
import asyncpg
import uvloop
from aio_pika.abc import AbstractIncomingMessage

SIZE = 500
MAKE = "create table if not exists floor_inquiries (id uuid primary key, body bytea not null)"
WRITE = "insert into floor_inquiries (id, body) select * from unnest($1::uuid[], $2::bytea[]) on conflict do nothing"


async def main(amqp_url: str, database_url: str) -> None:
    """Consume until cancelled."""
    database = await asyncpg.connect(database_url)
    arrived: deque[AbstractIncomingMessage] = deque()
    some = asyncio.Event()

    async def arrive(message: AbstractIncomingMessage) -> None:
        arrived.append(message)
        some.set()

    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=SIZE * 2)
        await (await channel.get_queue("leads.intake", ensure=False)).consume(arrive)
        while True:
            await some.wait()
            batch = [arrived.popleft() for _ in range(min(SIZE, len(arrived)))]
            if not arrived:
                some.clear()
            await database.execute(
                WRITE, [UUID(item.message_id) for item in batch], [item.body for item in batch]
            )
            await batch[-1].ack(multiple=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
