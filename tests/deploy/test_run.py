"""A run from its beginning to its end: what stands in the way, Ctrl-C, a second run in the same folder."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from deploy.local.ports import LOOPBACK, free_port
from tests.deploy.programs import gone

ROOT = Path(__file__).parent.parent.parent

# The real run, except that the system consists of two programs that sleep.
_RUN = """
import sys
from pathlib import Path
from deploy.local import run, system
from tests.deploy.programs import python

class Sleeping(system.System):
    async def bring_up(self):
        for name in ("one", "two"):
            await self._supervisor.start(python(name, "import time; time.sleep(60)", Path(sys.argv[1])))
        print("pids", *self._supervisor.pids.values(), flush=True)

run.System = Sleeping
run._STILL_ENDING_S = 0.3
raise SystemExit(run.run(Path(sys.argv[1])))
"""

Start = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    started: list[asyncio.subprocess.Process] = []
    ports = {"VORONKA_PORT": str(free_port()), "VORONKA_HOOKS_PORT": str(free_port())}

    async def run(**given: str) -> asyncio.subprocess.Process:
        started.append(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", _RUN, str(tmp_path)),
                cwd=ROOT,
                env={"PATH": os.defpath, **ports, **given},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        )
        return started[-1]

    yield run
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _pids(process: asyncio.subprocess.Process) -> list[int]:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if line.startswith(b"pids "):
            return [int(item) for item in line.split()[1:]]
    raise EOFError("it ended before its programs ran")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_everything_within_seconds_and_leaves_nothing(
    start: Start, number: signal.Signals
) -> None:
    process = await start()
    pids = await _pids(process)
    process.send_signal(number)
    async with asyncio.timeout(5):
        code = await process.wait()
    assert code == 0
    assert len(pids) == 2
    assert all(map(gone, pids))


async def test_a_second_run_in_the_same_folder_says_who_runs_and_ends_with_1(start: Start) -> None:
    first = await start()
    await _pids(first)
    second = await start()
    _, said = await second.communicate()
    assert second.returncode == 1
    assert f"process {first.pid}" in said.decode()
    assert first.returncode is None


async def test_a_folder_is_free_again_after_its_run_was_killed(start: Start) -> None:
    first = await start()
    await _pids(first)
    first.kill()
    await first.wait()
    assert len(await _pids(await start())) == 2


@pytest.mark.parametrize("name", ["VORONKA_PORT", "VORONKA_HOOKS_PORT"])
async def test_a_taken_port_is_named_with_how_to_move_it(start: Start, name: str) -> None:
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen()
        port = listening.getsockname()[1]
        process = await start(**{name: str(port)})
        _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith(f"port {port} is taken")
    assert f"{name}=" in said.decode()


async def test_a_folder_that_cannot_be_used_is_told_in_one_line(start: Start, tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("not a folder")
    process = await start()
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().count("\n") == 1
    assert ".local" in said.decode()
