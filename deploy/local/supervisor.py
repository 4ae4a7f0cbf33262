"""Keeps programs running: started in order of need, restarted with back-off, ended together, last ones first."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.logs import LogFile
from deploy.local.processes import NotReadyError, Process, Program

BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_STEADY_S = 60.0
WRONG_SETTING = 2

Echo = Callable[[str, bytes], None]


class ProgramFailedError(Exception):
    """A program did not become ready at its first start; the message is its last line where that says it all."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class _Kept:
    """A program, its present process and how often it fell."""

    def __init__(self, program: Program, logs: Path, echo: Echo) -> None:
        self.program = program
        self.log = LogFile(logs / f"{program.name}.log")
        self.echo = echo
        self.process = Process(program, self.take)
        self.falls = 0
        self.keeping: asyncio.Task[None] | None = None

    def take(self, line: bytes) -> None:
        self.log.write(line)
        self.echo(self.program.name, line)

    def say(self, text: str) -> None:
        self.take(f"supervisor: {text}".encode())

    def back_off_s(self, lived_s: float) -> float:
        """Return how long to wait before the next start, given how long the last run lived."""
        if lived_s > _STEADY_S:
            self.falls = 0
        self.falls += 1
        return BACK_OFF_S[min(self.falls, len(BACK_OFF_S)) - 1]


class Supervisor:
    """Runs programs until it is told to stop."""

    def __init__(self, logs: Path, echo: Echo) -> None:
        self._logs = logs
        self._echo = echo
        self._kept: dict[str, _Kept] = {}

    @property
    def pids(self) -> dict[str, int]:
        """The process ids by the programs' names."""
        return {name: kept.process.pid for name, kept in self._kept.items()}

    async def start(self, program: Program) -> None:
        """Start a program and return when it is ready; from then on it is kept running.

        ProgramFailedError when it ended or did not become ready.
        """
        kept = _Kept(program, self._logs, self._echo)
        self._kept[program.name] = kept
        await kept.process.start()
        try:
            await kept.process.wait_ready()
        except NotReadyError as error:
            await kept.process.stop()
            code = await kept.process.wait()
            last = kept.process.last_lines[-1:]
            if code == WRONG_SETTING and last:
                raise ProgramFailedError(last[0], WRONG_SETTING) from error
            raise ProgramFailedError(str(error), 1) from error
        kept.keeping = asyncio.create_task(self._keep(kept), name=f"keep {program.name}")

    async def _keep(self, kept: _Kept) -> None:
        while True:
            begun = time.monotonic()
            code = await kept.process.wait()
            await kept.process.stop()
            await self._start_again(kept, f"ended with code {code}", time.monotonic() - begun)

    async def _start_again(self, kept: _Kept, why: str, lived_s: float) -> None:
        """Start it anew after a wait that grows from fall to fall."""
        while True:
            delay = kept.back_off_s(lived_s)
            kept.say(f"{kept.program.name} {why}, starts again in {delay:g} s")
            await asyncio.sleep(delay)
            process = Process(kept.program, kept.take)
            try:
                await process.start()
            except OSError as error:
                why, lived_s = f"could not be started ({error})", 0.0
            else:
                kept.process = process
                kept.say(f"{kept.program.name} runs again as {kept.process.pid}")
                return

    async def stop(self) -> None:
        """End all programs, those that were started last first, each within its time of grace."""
        for group in self._groups():
            await asyncio.gather(*(self._end(kept) for kept in group))
        self._kept.clear()

    def _groups(self) -> list[list[_Kept]]:
        """Return units before servers: units end side by side, then the servers that they need."""
        kept = list(self._kept.values())
        return [
            [item for item in reversed(kept) if not item.program.server],
            [item for item in reversed(kept) if item.program.server],
        ]

    async def _end(self, kept: _Kept) -> None:
        if kept.keeping is not None:
            kept.keeping.cancel()
            await asyncio.gather(kept.keeping, return_exceptions=True)
        await kept.process.stop()
        kept.log.close()
