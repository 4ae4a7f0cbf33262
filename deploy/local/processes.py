"""A program of ours as a process: started so that it ends with us, made ready, ended with its whole group."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.accounts import OURS, Account
from deploy.local.logs import Sink, pump

_CHILD = Path(__file__).with_name("child.py")
_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
_ASK_AGAIN_S = 0.15

Ready = Callable[[], Awaitable[None]]


class NotReadyError(Exception):
    """The program ended or did not become ready in time; its last lines say why."""


async def at_once() -> None:
    """Readiness of a program that is ready as soon as it runs."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is run: command, environment, folder and user; how it is asked whether it is ready, and how it is ended.

    `ready` raises until the program answers. `stop` is also the signal that reaches it when we die. A `server` is
    needed by the others and ends after them. `lock` is a file that is locked while the program lives.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    account: Account = OURS
    ready: Ready = at_once
    ready_within_s: float = 60.0
    stop: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    server: bool = False
    lock: Path | None = None


class Process:
    """One run of a program."""

    def __init__(self, program: Program, sink: Sink) -> None:
        self.program = program
        self._sink = sink
        self._last: list[bytes] = []
        self._process: asyncio.subprocess.Process | None = None
        self._pumping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process id; RuntimeError before the start."""
        return self._running.pid

    @property
    def last_lines(self) -> list[str]:
        """The last lines that the program wrote."""
        return [line.decode("utf-8", "replace") for line in self._last]

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.program.name} was not started")
        return self._process

    async def start(self) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches only us."""
        program = self.program
        wrapper = (sys.executable, "-I", "-S", str(_CHILD), str(int(program.stop)), str(os.getpid()))
        self._process = await asyncio.create_subprocess_exec(
            *wrapper,
            program.account.name or "-",
            str(program.lock or "-"),
            *program.command,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        if self._process.stdout is not None:
            self._pumping = asyncio.create_task(pump(self._process.stdout, self._take))

    def _take(self, line: bytes) -> None:
        line = _COLOUR.sub(b"", line)  # some programs colour even what goes into a file
        self._last = [*self._last[-19:], line]
        self._sink(line)

    async def wait_ready(self) -> None:
        """Return when it is ready; NotReadyError when it ended before or the time is over."""
        ended = asyncio.create_task(self.wait())
        asking = asyncio.create_task(until(self.program.ready, within_s=self.program.ready_within_s))
        try:
            await asyncio.wait({ended, asking}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done() and not asking.done():
                state = f"ended with code {ended.result()}"
                raise NotReadyError(f"{self.program.name} {state}: {' / '.join(self.last_lines[-3:])}")
            try:
                await asking
            except NotReadyError as error:
                said = " / ".join(self.last_lines[-3:])
                raise NotReadyError(f"{self.program.name} is not ready ({error}): {said}") from error
        finally:
            for task in (ended, asking):
                task.cancel()
            await asyncio.gather(ended, asking, return_exceptions=True)

    async def wait(self) -> int:
        """Wait for the end of the process and of what it wrote; return its exit code."""
        code = await self._running.wait()
        if self._pumping is not None:
            # Grandchildren may hold the pipe open: what was written is read, but nobody waits for them.
            await asyncio.wait({self._pumping}, timeout=0.5)
        return code

    async def stop(self) -> None:
        """End it: its signal, then after the time of grace SIGKILL for the whole group; safe to repeat."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self.program.stop)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.program.grace_s):
                    await self._process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._close_pipe()

    async def _close_pipe(self) -> None:
        if self._pumping is not None:
            _, waiting = await asyncio.wait({self._pumping}, timeout=1)
            for task in waiting:
                task.cancel()
            await asyncio.gather(self._pumping, return_exceptions=True)
        transport = getattr(self._process, "_transport", None)
        if transport is not None:
            transport.close()


async def until(ready: Ready, *, within_s: float, hopeless: tuple[type[Exception], ...] = ()) -> None:
    """Ask until it raises no more; NotReadyError with the reason when the time is over or the error is hopeless."""
    reason: Exception | None = None
    try:
        async with asyncio.timeout(within_s):
            while True:
                try:
                    return await ready()
                except hopeless as error:
                    raise NotReadyError(str(error)) from error
                except Exception as error:  # noqa: BLE001 - whatever it raises means: not yet
                    reason = error
                await asyncio.sleep(_ASK_AGAIN_S)
    except TimeoutError:
        raise NotReadyError(str(reason) or type(reason).__name__) from reason
