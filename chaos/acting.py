"""One act: load, fault, recovery, quiet, judgement."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass

from chaos.checker import Violation, slow
from chaos.facts import Facts
from chaos.faults.fault import Fault
from chaos.load import Load
from chaos.recovery import recovery_s
from chaos.stage import Stage
from chaos.watching import Watch, settled

RATE = 40.0
_WARM_S = (1.5, 3.5)
_AFTER_S = 3.0
_RECOVERS_WITHIN_S = 45.0
_SENT_AGAIN_WITHIN_S = 40.0
_KILLED = -9  # by a failpoint of ours


@dataclass(slots=True)
class Result:
    """What came of an act."""

    name: str
    how: str
    sent: int = 0
    accepted: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    recovery_s: float | None = None
    seconds: float = 0.0
    broken: tuple[Violation, ...] = ()
    fell: tuple[str, ...] = ()
    not_run: str = ""

    @property
    def verdict(self) -> str:
        """The word in the table."""
        if self.not_run:
            return "not run"
        return "BROKEN" if self.broken else "holds"


async def play(stage: Stage, fault: Fault, seed: int) -> Result:
    """Play one act on the stage."""
    begun = time.monotonic()
    result = Result(fault.name, fault.how, not_run=fault.impossible(stage))
    if result.not_run:
        return result
    prefix = f"{stage.name}:{fault.name}:"
    falls_before = len(stage.falls)
    watch = Watch(stage, prefix)
    watching = asyncio.create_task(watch.run())
    clerk = asyncio.create_task(stage.company.keep_changing(seed))
    load = Load(stage.poster, stage.people, stage.hooks[:2], prefix=prefix, rate=RATE, seed=seed)
    try:
        ended_at = await _under_load(stage, fault, load, prefix, random.Random(seed))
        result.recovery_s = await _recovered(watch, ended_at)
        await load.end(within_s=_SENT_AGAIN_WITHIN_S)
    finally:
        await _end(watching, clerk)
    facts, broken = await settled(stage)
    further = await fault.further(stage, facts, prefix)
    result.broken = (*broken, *further, *slow(result.recovery_s, fault.name))
    result.fell = tuple(
        f"{fall.name} ({fall.code})" for fall in stage.falls[falls_before:] if fall.code != _KILLED
    )
    _count(result, stage, facts, prefix)
    result.seconds = time.monotonic() - begun
    return result


async def _under_load(stage: Stage, fault: Fault, load: Load, prefix: str, chance: random.Random) -> float:
    """Warm up, let the fault come and go; return when it had ended."""
    if fault.loaded:
        load.begin()
        await asyncio.sleep(chance.uniform(*_WARM_S))
    await fault.strike(stage, prefix)
    await asyncio.sleep(fault.hold_s)
    await fault.restore(stage)
    ended_at = time.monotonic()
    await asyncio.sleep(_AFTER_S if fault.loaded else 0)
    return ended_at


async def _recovered(watch: Watch, ended_at: float) -> float | None:
    """Wait until the system has recovered, no longer than it may take."""
    while time.monotonic() < ended_at + _RECOVERS_WITHIN_S:
        found = recovery_s(watch.looks, ended_at)
        if found is not None:
            return found
        await asyncio.sleep(0.2)
    return None


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _count(result: Result, stage: Stage, facts: Facts, prefix: str) -> None:
    events = stage.ledger.promises.of(prefix)
    by_key = facts.by_key()
    result.sent = len(events)
    result.accepted = sum(event.accepted for event in events)
    result.stored = sum(event.key in by_key for event in events)
    result.lost = _named(result.broken, "I1", "accepted")
    result.doubled = _named(result.broken, "I2", "")


def _named(broken: tuple[Violation, ...], invariant: str, what: str) -> int:
    return sum(
        len(item.keys) for item in broken if item.invariant == invariant and item.what.startswith(what)
    )
