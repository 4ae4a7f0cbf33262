"""The supervisor: order, restart with back-off, an end that leaves nothing behind."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.local import supervisor as module
from deploy.local.supervisor import ProgramFailedError, Supervisor
from tests.deploy.programs import gone, python

ROOT = Path(__file__).parent.parent.parent
_SLEEP = "import time; print('here', flush=True); time.sleep(60)"


async def _until(check: Callable[[], bool]) -> None:
    for _ in range(500):
        if check():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("it did not happen within 10 s")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def keeper(tmp_path: Path, said: list[str]) -> AsyncIterator[Supervisor]:
    made = Supervisor(tmp_path, lambda name, line: said.append(f"{name}: {line.decode()}"))
    yield made
    await made.stop()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACK_OFF_S", (0.01, 0.05, 0.1))


async def test_each_line_goes_to_the_terminal_and_into_the_programs_file(
    keeper: Supervisor, said: list[str], tmp_path: Path
) -> None:
    await keeper.start(python("one", _SLEEP, tmp_path))
    await _until(lambda: "one: here" in said)
    assert (tmp_path / "one.log").read_text().startswith("here\n")


@pytest.mark.usefixtures("quick")
async def test_a_program_that_falls_is_started_again_and_waits_longer_each_time(
    keeper: Supervisor, said: list[str], tmp_path: Path
) -> None:
    await keeper.start(python("shaky", "import time; time.sleep(0.05); raise SystemExit(3)", tmp_path))
    await _until(lambda: sum("runs again" in line for line in said) >= 3)
    waits = [line.rpartition("again in ")[2] for line in said if "starts again" in line]
    assert waits[:3] == ["0.01 s", "0.05 s", "0.1 s"]
    assert "shaky ended with code 3" in " ".join(said)


@pytest.mark.usefixtures("quick")
async def test_a_killed_program_comes_back_under_another_id(keeper: Supervisor, tmp_path: Path) -> None:
    await keeper.start(python("one", _SLEEP, tmp_path))
    first = keeper.pids["one"]
    os.kill(first, signal.SIGKILL)
    await _until(lambda: keeper.pids["one"] != first)
    assert gone(first)


async def test_a_wrong_setting_is_told_in_the_programs_own_line_with_code_2(
    keeper: Supervisor, tmp_path: Path
) -> None:
    code = "print('wrong setting LEADS_HTTP_PORT: Field required'); raise SystemExit(2)"
    with pytest.raises(ProgramFailedError, match=r"^wrong setting LEADS_HTTP_PORT") as failure:
        await keeper.start(python("leads", code, tmp_path, ready=_never))
    assert failure.value.code == 2


async def test_a_program_that_ends_before_it_is_ready_is_told_with_its_last_words(
    keeper: Supervisor, tmp_path: Path
) -> None:
    with pytest.raises(ProgramFailedError, match=r"broken ended with code 1: .*no disk") as failure:
        await keeper.start(python("broken", "raise SystemExit('no disk')", tmp_path, ready=_never))
    assert failure.value.code == 1


async def test_a_program_that_never_becomes_ready_is_ended(keeper: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(ProgramFailedError, match="slow is not ready"):
        await keeper.start(python("slow", _SLEEP, tmp_path, ready=_never, ready_within_s=0.5))
    assert gone(keeper.pids["slow"])


async def test_a_program_that_ignores_its_signal_is_killed_with_its_children(
    keeper: Supervisor, said: list[str], tmp_path: Path
) -> None:
    code = """
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
        time.sleep(60)
    """
    await keeper.start(python("deaf", textwrap.dedent(code), tmp_path, grace_s=0.3))
    await _until(lambda: bool(said))
    pids = [keeper.pids["deaf"], int(said[0].removeprefix("deaf: "))]
    await keeper.stop()
    await _until(lambda: all(map(gone, pids)))
    assert all(map(gone, pids))


_KEEPER = """
import asyncio, sys
from pathlib import Path
from deploy.local.supervisor import Supervisor
from tests.deploy.programs import python

async def main():
    folder = Path(sys.argv[1])
    keeper = Supervisor(folder, lambda name, line: None)
    for name in ("one", "two"):
        await keeper.start(python(name, "import time; time.sleep(60)", folder))
    print(*keeper.pids.values(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_nothing_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    keeper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _KEEPER, str(tmp_path)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert keeper.stdout is not None
    pids = [int(item) for item in (await keeper.stdout.readline()).split()]
    assert len(pids) == 2
    assert not any(map(gone, pids))
    keeper.kill()
    await keeper.wait()
    await _until(lambda: all(map(gone, pids)))
    assert all(map(gone, pids))


async def _never() -> None:
    raise ConnectionError
