"""How long the system needed after a fault had ended: looked at twice a second, judged from the looks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, whether all processes were ready, and how many events were accepted and stored until then."""

    at: float
    ready: bool
    accepted: int
    stored: int

    @property
    def backlog(self) -> int:
        """How many accepted events are not stored yet."""
        return max(0, self.accepted - self.stored)


def recovery_s(looks: Sequence[Look], ended_at: float) -> float | None:
    """Return the seconds from the fault's end until all is ready and the backlog shrinks or is gone; None if never.

    It shrinks when more was stored since the end and less is left than there was at its worst since then.
    """
    after = [look for look in looks if look.at >= ended_at]
    if not after:
        return None
    worst, first = 0, after[0].stored
    for look in after:
        worst = max(worst, look.backlog)
        shrinks = look.stored > first and look.backlog < worst
        if look.ready and (look.backlog == 0 or shrinks):
            return look.at - ended_at
    return None
