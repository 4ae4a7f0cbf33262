"""`make queues`: how many messages wait in each queue of the running system, and how many consumers it has."""

import asyncio
import os
import sys
from pathlib import Path

from aiormq.exceptions import ChannelNotFoundEntity

from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.operator import Say, print_line, refuse
from shared.messaging import topology
from shared.messaging.connection import BrokerAwayError, broker_errors, close, open_connection
from shared.observability.logs import configure


def main(arguments: list[str], root: Path) -> int:
    """Show the queues and return the exit code: 0 done, 1 not done, 2 wrong call."""
    if arguments:
        sys.stderr.write("usage: queues\n")
        return 2
    configure("queues", fmt="console", level="critical")  # what the broker refuses is said below
    try:
        broker = Addresses.load(root / ".local", os.environ).broker()
        return asyncio.run(show(broker, print_line))
    except NotKnownError as error:
        return refuse(error)
    except BrokerAwayError as error:
        return refuse(f"the broker does not answer ({error}): is it running?")


async def show(amqp_url: str, say: Say) -> int:
    """Say of each queue how many messages are ready and how many consumers it has; 0.

    What a consumer holds and has not acknowledged yet is not counted: the broker's protocol does not tell it.
    """
    names = [
        *(queue.name for queue in topology.QUEUES),
        *(delay.name for delay in topology.DELAYS),
        *(topology.dead_queue(unit) for unit in topology.units()),
    ]
    width = max(map(len, names))
    connection = await open_connection(amqp_url, name="operator")
    try:
        say(f"{'queue':<{width}}  ready  consumers")
        for name in names:
            with broker_errors():
                channel = await connection.channel()
                try:
                    found = (await channel.declare_queue(name, passive=True)).declaration_result
                except ChannelNotFoundEntity:
                    say(f"{name:<{width}}  there is no such queue")
                    continue
                await channel.close()
            say(f"{name:<{width}}  {found.message_count or 0:>5}  {found.consumer_count or 0:>9}")
    finally:
        await close(connection)
    return 0
