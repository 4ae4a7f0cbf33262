"""What the tools share that somebody at the machine calls: how they speak, and how long they wait for the broker."""

import asyncio
import sys
from collections.abc import Callable

from shared.messaging.publisher import Publisher

SOURCE = "voronka/operator"
_BROKER_WITHIN_S = 10.0

Say = Callable[[str], None]


def print_line(line: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(f"{line}\n")


def refuse(why: object) -> int:
    """Print why it was not done and return the exit code for that."""
    sys.stderr.write(f"{why}\n")
    return 1


async def connected(publisher: Publisher) -> None:
    """Wait for the broker a while; without it, publishing says that it is away."""
    for _ in range(int(_BROKER_WITHIN_S / 0.05)):
        if publisher.connected:
            return
        await asyncio.sleep(0.05)
