"""`python -m chaos [only=F1,F5] [seed=7] [seeds=3] [long=1]`: play the acts and say which invariants hold."""

import asyncio
import random
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from chaos import report
from chaos.acting import Result, play
from chaos.arguments import Asked, WrongArgumentError, read
from chaos.checker import Violation
from chaos.faults.fault import Fault
from chaos.faults.table import acts
from chaos.servers import Servers
from chaos.stage import Stage
from chaos.victim import Fall
from deploy.local.locks import Lock
from deploy.local.place import Place

ROOT = Path(__file__).parent.parent
RESULTS = "results.jsonl"


class Run:
    """All acts of some seeds on one pair of servers; a stage that an act has broken is not used again."""

    def __init__(self, place: Place, asked: Asked) -> None:
        self._place = place
        self._asked = asked
        self._falls: list[Fall] = []
        self._stage: Stage | None = None
        self._stages = 0
        self.results: list[Result] = []

    async def play(self) -> None:
        """Start the servers, play everything, stop."""
        servers = await Servers.prepare(self._place, self._falls)
        try:
            await servers.start()
            for seed in range(self._asked.seed, self._asked.seed + self._asked.seeds):
                print(f"seed {seed}", flush=True)
                await self._play_seed(servers, seed)
        finally:
            await self._leave()
            await servers.stop()

    async def _play_seed(self, servers: Servers, seed: int) -> None:
        wanted = [fault for fault in acts(seed, long=self._asked.long) if self._asked.wants(fault.name)]
        for place, fault in enumerate(wanted):
            result = await self._play_one(servers, fault, seed * 1_000 + place)
            self.results.append(result)
            report.write([result], self._place.local / RESULTS, seed=seed)
            print(report.line(result), flush=True)
            if result.broken or fault.own_stage:
                await self._leave()
        await self._leave()

    async def _play_one(self, servers: Servers, fault: Fault, seed: int) -> Result:
        """Play an act; what keeps it from being played to its end breaks the act, not the run."""
        try:
            return await play(await self._enter(servers, fault, seed // 1_000), fault, seed)
        except Exception as error:  # noqa: BLE001 - whatever it was, the other acts are to be played
            why = f"{type(error).__name__}: {error}"
            await self._leave()
            await servers.mend()
            return Result(fault.name, fault.how, broken=(Violation("run", why, (fault.name,)),))

    async def _enter(self, servers: Servers, fault: Fault, seed: int) -> Stage:
        """Return the stage for a fault: the one that stands, or a new one."""
        if self._stage is not None and (fault.own_stage or self._stage.delays_ms != fault.delays_ms):
            await self._leave()
        if self._stage is None:
            self._stages += 1
            self._stage = Stage(
                f"s{seed}-{self._stages}",
                self._place,
                servers,
                self._falls,
                random.Random(seed * 100 + self._stages),
                delays_ms=fault.delays_ms,
            )
            await self._stage.bring_up()
        return self._stage

    async def _leave(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            await stage.take_down()


def _folder() -> Place:
    """Return the run's own place, `.local/chaos`."""
    mine = Place.of(ROOT).local / "chaos"
    mine.mkdir(mode=0o755, exist_ok=True)
    return Place(ROOT, mine)


def _forget_earlier(place: Place) -> None:
    """Remove journals, logs, files and results of the run before."""
    (place.local / RESULTS).unlink(missing_ok=True)
    for name in ("logs", "files", "spool", "journals"):
        shutil.rmtree(place.local / name, ignore_errors=True)
        (place.local / name).mkdir(mode=0o700)


def main(arguments: Sequence[str]) -> int:
    """Play what is asked; 0 when everything held, 1 when something is broken, 2 for a wrong argument."""
    try:
        asked = read(arguments)
    except WrongArgumentError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    names = [fault.name for fault in acts(asked.seed, long=asked.long)]
    if unknown := asked.unknown(names):
        sys.stderr.write(f"no such fault: {', '.join(unknown)}; there are {', '.join(names)}\n")
        return 2
    place = _folder()
    lock = Lock(place.local / "lock")
    if not lock.take():
        sys.stderr.write(f"another run plays in {place.local}\n")
        return 1
    _forget_earlier(place)
    begun = time.monotonic()
    run = Run(place, asked)
    try:
        asyncio.run(run.play())
    except KeyboardInterrupt:
        return 130
    finally:
        lock.release()
    print(f"\n{report.table(run.results)}\n\n{len(run.results)} acts in {time.monotonic() - begun:.0f} s")
    return 1 if any(result.broken for result in run.results) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
