"""What a fault is."""

from abc import ABC, abstractmethod
from typing import ClassVar

from chaos.checker import Violation
from chaos.facts import Facts
from chaos.stage import Stage


class Fault(ABC):
    """A fault: begun under load, held for a while, ended; `name` begins with its number in the list of faults."""

    hold_s: float = 0.0
    """How long it lasts between `strike` and `restore`."""
    loaded: bool = True
    """Whether the ordinary load runs meanwhile."""
    delays_ms: str = ""
    """Waiting rooms for failed messages, where the fault needs other ones; it then has a stage of its own."""
    own_stage: ClassVar[bool] = False
    """Whether it needs a system of its own, because it leaves one that cannot be used further."""

    def __init__(self, name: str, how: str) -> None:
        self.name = name
        self.how = how

    @property
    def fault(self) -> str:
        """Its number in the list of faults."""
        return self.name.split("-", 1)[0]

    def impossible(self, _: Stage) -> str:
        """Return why it cannot be done on this machine; empty when it can."""
        return ""

    @abstractmethod
    async def strike(self, stage: Stage, prefix: str) -> None:
        """Begin it; the keys of events that it sends by itself begin with `prefix`."""

    async def restore(self, _stage: Stage) -> None:
        """End it; from then on the system must recover by itself. Nothing is to be ended by default."""
        return

    async def further(self, _stage: Stage, _facts: Facts, _prefix: str) -> list[Violation]:
        """Return what is broken beside the invariants that hold for every fault."""
        return []
