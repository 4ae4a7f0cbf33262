"""A worker that ends without a word when it opens certain messages.

`python -m tests.shared.messaging.mortal <amqp url> <queue> <topic> <database url>` consumes until it is ended.
"""

import os
import sys
from collections.abc import Sequence

import orjson
import uvloop

from shared.database.engine import open_engine
from shared.messaging import topology
from shared.messaging.batch import BatchSubscriber
from shared.messaging.publisher import Publisher
from shared.messaging.suspects import Suspects
from tests.shared.messaging.trial import DELAYS, SUSPECTS, store

DEADLY = "deadly"


def decode(body: bytes) -> str:
    """Return the text of a message; the process ends when it is a deadly one."""
    text = str(orjson.loads(body)["data"]["text"])
    if text.startswith(DEADLY):
        os._exit(9)
    return text


async def main(amqp_url: str, queue: str, topic: str, database_url: str) -> None:
    """Consume until ended."""
    vars(topology).update(QUEUES=(topology.Queue(queue, topology.EVENTS, (topic,)),), DELAYS=DELAYS)
    engine = open_engine(database_url, name="mortal")

    async def handle(texts: Sequence[str]) -> None:
        async with engine.begin() as connection:
            await store(connection, texts)

    async with Publisher(amqp_url, source="voronka/mortal") as publisher:
        suspects = Suspects(engine, SUSPECTS)
        await BatchSubscriber(
            amqp_url, queue, publisher, decode=decode, handle=handle, suspects=suspects, size=100
        ).run()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:5]))
