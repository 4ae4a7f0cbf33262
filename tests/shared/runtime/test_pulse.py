"""A process whose loop stands still ends itself; one that was stopped for a while goes on."""

import asyncio
import os
import signal
import sys

import pytest

PROGRAM = """
import asyncio, sys
from shared.runtime import pulse

pulse._BEAT_S, pulse._STILL_S, pulse._FROZEN_S = 0.05, 10, 2

def stand_still():
    while True:
        pass

def hold_everything():
    sum(range(10 ** 12))

async def main(what):
    with pulse.watched_pulse():
        print("ready", flush=True)
        await asyncio.sleep(0.2)
        if what == "go on":
            await asyncio.sleep(2)
            return
        {"stand still": stand_still, "hold everything": hold_everything}[what]()

asyncio.run(main(sys.argv[1]))
"""


async def started(what: str) -> asyncio.subprocess.Process:
    """Return the program once it is under way."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, what, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize(("what", "code"), [("stand still", 70), ("hold everything", -signal.SIGPROF)])
async def test_a_loop_that_stands_still_ends_the_process_and_says_where(what: str, code: int) -> None:
    process = await started(what)
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == code
    assert what.replace(" ", "_") in said.decode()


async def test_a_process_that_was_stopped_and_continued_goes_on() -> None:
    process = await started("go on")
    os.kill(process.pid, signal.SIGSTOP)
    await asyncio.sleep(3)  # longer than any patience of the program
    os.kill(process.pid, signal.SIGCONT)
    await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
