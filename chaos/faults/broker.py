"""F5, F6, F7: the broker killed, stopped, frozen, and refusing because its memory or its disk runs out."""

import asyncio
import signal

from chaos.faults.fault import Fault
from chaos.stage import Stage

_AWAY_S = 5


class BrokerDown(Fault):
    """F5: the broker ends and comes back."""

    def __init__(self, name: str, number: signal.Signals) -> None:
        super().__init__(f"F5-{name}", f"{number.name} to the broker, started again after {_AWAY_S} s")
        self._signal = number
        self.hold_s = _AWAY_S

    async def strike(self, stage: Stage, _: str) -> None:
        """End it."""
        await stage.servers.broker.kill(self._signal)

    async def restore(self, stage: Stage) -> None:
        """Start it and wait until it takes logins: the fault ends with that."""
        await stage.servers.broker.start()


class SpoolSurvives(BrokerDown):
    """F5: while the broker is away the connectors die too, and come back before it does."""

    def __init__(self) -> None:
        super().__init__("kill-and-connectors", signal.SIGKILL)
        self.how = "SIGKILL to the broker, then to the connectors, which are back before the broker is"

    async def strike(self, stage: Stage, prefix: str) -> None:
        """End both, the connectors when they have accepted something for the broker."""
        await super().strike(stage, prefix)
        await asyncio.sleep(_AWAY_S / 2)
        await stage.units["connectors"].kill()
        await stage.units["connectors"].start(wait=False)


class BrokerFrozen(Fault):
    """F6: the broker stands still: connections stay open, nothing is answered."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"F6-{seconds}s", f"SIGSTOP of the broker for {seconds} s")
        self.hold_s = seconds

    async def strike(self, stage: Stage, _: str) -> None:
        """Stop its clock."""
        stage.servers.broker.freeze()

    async def restore(self, stage: Stage) -> None:
        """Let it go on."""
        stage.servers.broker.thaw()


class BrokerAlarm(Fault):
    """F7: the broker blocks publishers because it is short of something."""

    hold_s = 12

    def __init__(self, name: str, raised: tuple[str, ...], ended: tuple[str, ...]) -> None:
        super().__init__(f"F7-{name}", f"rabbitmqctl {' '.join(raised)} for {self.hold_s} s")
        self._raised, self._ended = raised, ended

    async def strike(self, stage: Stage, _: str) -> None:
        """Raise the alarm."""
        await asyncio.to_thread(stage.servers.private.control.run, *self._raised)

    async def restore(self, stage: Stage) -> None:
        """End it."""
        await asyncio.to_thread(stage.servers.private.control.run, *self._ended)


FAULTS = (
    BrokerDown("kill", signal.SIGKILL),
    BrokerDown("stop", signal.SIGTERM),
    SpoolSurvives(),
    BrokerAlarm(
        "memory",
        ("set_vm_memory_high_watermark", "0.000001"),
        ("set_vm_memory_high_watermark", "absolute", "512MB"),
    ),
    BrokerAlarm("disk", ("set_disk_free_limit", "9000GB"), ("set_disk_free_limit", "512MB")),
)
