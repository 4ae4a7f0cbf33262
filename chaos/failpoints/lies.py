"""Two broken products, for the test of the checker itself: it must catch both."""

import asyncio
from typing import Any

from chaos.failpoints.trigger import Trigger, around, die
from shared.messaging.batch import BatchSubscriber
from shared.messaging.relay import Relay

_ACK_LEAVES_S = 0.3


def acknowledge_early(trigger: Trigger) -> None:
    """Acknowledge a batch before it is stored, and die between."""

    def make(original: Any) -> Any:
        async def settle(subscriber: Any, items: list[Any], *before: Any) -> None:
            if trigger.fires():
                await items[-1].message.acknowledge_to_here()
                await asyncio.sleep(_ACK_LEAVES_S)
                die()
            await original(subscriber, items, *before)

        return settle

    around(BatchSubscriber, "_settle", make)


def skip_row(trigger: Trigger) -> None:
    """Mark a row of the outbox as sent that was not."""

    def make(original: Any) -> Any:
        async def publish(relay: Any, rows: list[Any]) -> list[int]:
            if not trigger.fires():
                return list(await original(relay, rows))
            return [rows[0]["id"], *await original(relay, rows[1:])]

        return publish

    around(Relay, "_publish", make)


POINTS = {"acknowledge-early": acknowledge_early, "skip-row": skip_row}
