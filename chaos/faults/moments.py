"""F2: death at the moments at which something is done and nobody knows it yet."""

import asyncio
from collections.abc import Sequence

from chaos.checker import Violation
from chaos.facts import Facts
from chaos.failpoints.trigger import Trigger
from chaos.faults.fault import Fault
from chaos.stage import Stage

_TIMES = 3
_FIRES_WITHIN_S = 15.0
_APART_S = 2.5


class DeadlyMoment(Fault):
    """A failpoint in some processes, armed a few times; whoever comes by first dies."""

    def __init__(self, point: str, units: Sequence[str], how: str) -> None:
        super().__init__(f"F2-{point}", f"SIGKILL {how}, {_TIMES} times")
        self._point = point
        self._units = units
        self.fired, self.wanted = 0, _TIMES

    async def strike(self, stage: Stage, _: str) -> None:
        """Start the processes with the failpoint and arm it again and again."""
        trigger = await self.put_in(stage)
        self.fired = 0
        for _again in range(_TIMES):
            trigger.arm()
            self.fired += await _fired(trigger)
            await asyncio.sleep(_APART_S * stage.chance.random())
        trigger.disarm()

    async def put_in(self, stage: Stage) -> Trigger:
        """Start the processes with the failpoint and return what arms it."""
        trigger = Trigger(stage.place.local / "armed" / f"{stage.name}-{self._point}")
        failpoints = f"{self._point}={trigger.path}"
        await asyncio.gather(*(stage.run_anew(unit, CHAOS_FAILPOINTS=failpoints) for unit in self._units))
        return trigger

    async def further(self, _stage: Stage, _facts: Facts, _prefix: str) -> list[Violation]:
        """Say that the fault was none if it did not happen every time."""
        if self.fired == self.wanted:
            return []
        return [Violation("F2", f"fired {self.fired} times instead of {self.wanted}", (self._point,))]


class SpoolMoment(DeadlyMoment):
    """The connectors die while they bring to the broker what they kept for it."""

    def __init__(self) -> None:
        how = "between publishing out of the spool and removing from it"
        super().__init__("before-spool-removal", ("connectors",), how)
        self.how = f"SIGKILL {how}, after the broker was away"

    async def strike(self, stage: Stage, _: str) -> None:
        """Take the broker away for a moment, with the failpoint armed when it comes back."""
        trigger = await self.put_in(stage)
        await stage.servers.broker.kill()
        await asyncio.sleep(_APART_S)
        trigger.arm()
        await stage.servers.broker.start()
        self.fired, self.wanted = int(await _fired(trigger)), 1
        trigger.disarm()


async def _fired(trigger: Trigger) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + _FIRES_WITHIN_S
    while trigger.armed and loop.time() < until:  # noqa: ASYNC110 - another process takes the file away
        await asyncio.sleep(0.05)
    return not trigger.armed


def faults() -> list[Fault]:
    """Return all of them."""
    workers = ("leads-1", "leads-2")
    return [
        DeadlyMoment("after-batch-commit", workers, "between commit and acknowledgement of a batch"),
        DeadlyMoment("after-subscriber-commit", workers, "between commit and acknowledgement of an event"),
        DeadlyMoment("before-answer", ("connectors",), "between accepting an inquiry and answering"),
        SpoolMoment(),
        DeadlyMoment(
            "before-outbox-mark", (*workers, "contacts"), "between publishing an event and marking its row"
        ),
    ]
