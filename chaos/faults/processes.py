"""F1 and F3: processes killed and stopped in the middle of their work."""

import asyncio

from chaos.faults.fault import Fault
from chaos.stage import Stage

DELAYS_S = (0, 2, 20)
"""After how long a killed process is started again."""


class Killed(Fault):
    """F1: SIGKILL; the process is started again after some seconds."""

    def __init__(self, unit: str, back_after_s: int) -> None:
        super().__init__(f"F1-{unit}-{back_after_s}s", f"SIGKILL of {unit}, back after {back_after_s} s")
        self._unit = unit
        self.hold_s = back_after_s

    async def strike(self, stage: Stage, _: str) -> None:
        """Kill it."""
        await stage.units[self._unit].kill()

    async def restore(self, stage: Stage) -> None:
        """Start it again, without waiting until it is ready: that is its recovery."""
        await stage.units[self._unit].start(wait=False)


class WorkersKilled(Fault):
    """F1: all workers of leads at once."""

    def __init__(self) -> None:
        super().__init__("F1-workers-2s", "SIGKILL of both workers of leads at once, back after 2 s")
        self.hold_s = 2

    async def strike(self, stage: Stage, _: str) -> None:
        """Kill them."""
        await asyncio.gather(*(stage.units[name].kill() for name in workers(stage)))

    async def restore(self, stage: Stage) -> None:
        """Start them again."""
        for name in workers(stage):
            await stage.units[name].start(wait=False)


class Frozen(Fault):
    """F3: a worker stands still, its connections open, and then goes on as if nothing had been."""

    def __init__(self, unit: str, seconds: int) -> None:
        super().__init__(f"F3-{unit}-{seconds}s", f"SIGSTOP of {unit} for {seconds} s, then SIGCONT")
        self._unit = unit
        self.hold_s = seconds

    async def strike(self, stage: Stage, _: str) -> None:
        """Stop it."""
        stage.units[self._unit].freeze()

    async def restore(self, stage: Stage) -> None:
        """Let it go on."""
        stage.units[self._unit].thaw()


def workers(stage: Stage) -> list[str]:
    """Return the names of the workers of leads."""
    return [name for name in stage.units if name.startswith("leads-") and name != "leads-api"]
