"""F12: messages that harm whoever handles them, among innocent neighbours."""

import asyncio

from chaos.checker import Violation
from chaos.facts import Facts
from chaos.failpoints.poison import KINDS, marker
from chaos.faults.fault import Fault
from chaos.faults.processes import workers
from chaos.posting import Post
from chaos.stage import Stage
from chaos.watching import look_at_all

_PLANTED = {"exception": 2, "memory": 2, "crash": 1, "loop": 1}
_QUARANTINED_WITHIN_S = 90.0
_DELAYS_MS = "200,400,600,800,1000"


class Poison(Fault):
    """Some poisonous messages; the fault ends when they lie where they do no harm, or when the time for that is over."""

    delays_ms = _DELAYS_MS

    def __init__(self, kind: str, how: str) -> None:
        super().__init__(f"F12-{kind}", f"{_PLANTED[kind]} messages that make their worker {how}")
        self._kind = kind
        self._keys: list[str] = []

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Let the workers obey, and send the poison."""
        await asyncio.gather(*(stage.run_anew(name, CHAOS_POISON="1") for name in workers(stage)))
        self._keys = [f"{prefix}{self._kind}-{number}" for number in range(_PLANTED[self._kind])]
        for key in self._keys:
            text = f"Нужен расчёт {marker(self._kind)}"
            await stage.poster.send(
                Post(stage.hooks[0], key, stage.people.stranger(), text=text, poison=True)
            )
            await asyncio.sleep(1)

    async def restore(self, stage: Stage) -> None:
        """Wait until the poison is put aside."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _QUARANTINED_WITHIN_S
        while loop.time() < until and await self._at_large(stage):  # noqa: ASYNC110 - other processes work on it
            await asyncio.sleep(1)

    async def _at_large(self, stage: Stage) -> set[str]:
        facts, _ = await look_at_all(stage)
        return self._left(facts)

    def _left(self, facts: Facts) -> set[str]:
        return set(self._keys) - {letter.key for letter in facts.dead}

    async def further(self, _stage: Stage, facts: Facts, _prefix: str) -> list[Violation]:
        """Return the poison that was never put aside."""
        left = tuple(sorted(self._left(facts)))
        return [Violation("F12", "poison was not quarantined", left)] if left else []


def faults() -> list[Fault]:
    """Return all of them."""
    what = {
        "exception": "raise an exception",
        "memory": "ask for 2 GB of memory",
        "crash": "end at once",
        "loop": "turn in a circle for ever",
    }
    return [Poison(kind, what[kind]) for kind in sorted(KINDS, key=list(what).index)]
