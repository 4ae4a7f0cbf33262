"""A process that faults are done to: killed, frozen, stopped and started again, by its id."""

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import dataclass

from deploy.local.logs import LogFile
from deploy.local.processes import Process, Program

_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Fall:
    """A process that ended without being asked to."""

    name: str
    at: float
    code: int


class Victim:
    """A program that is kept running, as a supervisor does, except while a fault holds it down."""

    def __init__(self, program: Program, log: LogFile, falls: list[Fall]) -> None:
        self.program = program
        self._log = log
        self._falls = falls
        self._process = Process(program, log.write)
        self._keeping: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.program.name

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def held_down(self) -> bool:
        """Whether it was ended and not started again."""
        return self._keeping is None

    async def start(self, *, wait: bool = True) -> None:
        """Start it, by default until it is ready, and keep it running."""
        self._process = Process(self.program, self._log.write)
        self._log.write(f"chaos: {self.name} starts".encode())
        await self._process.start()
        self._keeping = asyncio.create_task(self._keep(), name=f"keep {self.name}")
        if wait:
            await self.wait_ready()

    async def wait_ready(self) -> None:
        """Wait until it is ready; NotReadyError otherwise."""
        await self._process.wait_ready()

    async def _keep(self) -> None:
        while True:
            code = await self._process.wait()
            self._falls.append(Fall(self.name, time.monotonic(), code))
            self._log.write(f"chaos: {self.name} ended by itself with code {code}".encode())
            await self._process.stop()
            await asyncio.sleep(_AGAIN_S)
            self._process = Process(self.program, self._log.write)
            await self._process.start()

    async def _let_go(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Kill it and see it gone; it stays down until it is started."""
        await self._let_go()
        self._log.write(f"chaos: {self.name} gets {number.name}".encode())
        self._signal(number)
        await self._process.wait()
        await self._process.stop()

    async def stop(self) -> None:
        """End it politely; safe to repeat."""
        await self._let_go()
        self._signal(signal.SIGCONT)
        await self._process.stop()

    def freeze(self) -> None:
        """Stop its clock."""
        self._log.write(f"chaos: {self.name} is frozen".encode())
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)
        self._log.write(f"chaos: {self.name} goes on".encode())

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, RuntimeError):
            os.kill(self.pid, number)
