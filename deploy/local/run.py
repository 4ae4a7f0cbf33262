"""`make run`: bring the system up, keep it until a signal comes, take it down; the exit code says how it went."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg

from deploy.local.containers import ContainerError
from deploy.local.locks import Lock, StillHeldError
from deploy.local.packages import InstallError
from deploy.local.place import Asked, Place, WrongSettingError
from deploy.local.ports import becomes_free
from deploy.local.postgres import PostgresSetupError
from deploy.local.processes import NotReadyError
from deploy.local.progress import Progress
from deploy.local.rabbitmq import RabbitSetupError
from deploy.local.servers import NoServerError
from deploy.local.supervisor import WRONG_SETTING, ProgramFailedError
from deploy.local.system import System
from deploy.local.tools import ToolFailedError

FAILED = 1
INTERRUPTED = 130
_STILL_ENDING_S = 3.0
_IN_THE_WAY = (
    NoServerError,
    ContainerError,
    InstallError,
    NotReadyError,
    PostgresSetupError,
    RabbitSetupError,
    StillHeldError,
    ToolFailedError,
    asyncpg.PostgresError,
    OSError,
)
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(root: Path) -> int:
    """Run until told to stop: 0 then, 1 when something stands in the way, 2 for a wrong setting."""
    try:
        return _run_alone(Asked.read(os.environ), Place.of(root))
    except WrongSettingError as error:
        return _say(str(error), WRONG_SETTING)
    except OSError as error:  # a folder of another user's earlier run, a read-only disk
        return _say(str(error), FAILED)


def _run_alone(asked: Asked, place: Place) -> int:
    lock = Lock(place.local / "run.lock")
    if not lock.take():
        return _say(f"Voronka runs already from this folder, as process {lock.holder}; stop it there", FAILED)
    try:
        taken = _taken(asked)
        return _say(taken, FAILED) if taken else asyncio.run(_run(place, asked))
    finally:
        lock.release()


def _taken(asked: Asked) -> str:
    """Return what to say when one of the two fixed ports is taken; a run that still ends gets a moment."""
    for name, port in (("VORONKA_PORT", asked.port), ("VORONKA_HOOKS_PORT", asked.hooks_port)):
        if not becomes_free(port, within_s=_STILL_ENDING_S):
            return f"port {port} is taken: stop what listens there, or start with {name}=<another port>"
    return ""


async def _run(place: Place, asked: Asked) -> int:
    progress = Progress()
    system = System(place, asked, progress)
    ending = _end_on_signals()
    progress.say("Voronka is coming up")
    try:
        return await _until(ending, system)
    except ProgramFailedError as error:
        return _say(str(error), error.code)
    except _IN_THE_WAY as error:
        return _say(str(error) or type(error).__name__, FAILED)
    finally:
        with progress.step("stopped"):
            await system.take_down()


async def _until(ending: asyncio.Event, system: System) -> int:
    """Bring the system up and stay until a signal comes, also on the way up."""
    coming_up = asyncio.create_task(system.bring_up())
    told = asyncio.create_task(ending.wait())
    await asyncio.wait({coming_up, told}, return_when=asyncio.FIRST_COMPLETED)
    if coming_up.done() and coming_up.exception() is None:
        await told
        return 0
    told.cancel()
    coming_up.cancel()
    await asyncio.gather(told, return_exceptions=True)
    try:
        await coming_up
    except asyncio.CancelledError:
        return INTERRUPTED
    return INTERRUPTED


def _end_on_signals() -> asyncio.Event:
    """Return the event that the first signal sets; at the second one everything is killed with us."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        if ending.is_set():
            os._exit(INTERRUPTED)  # the kernel ends our children
        ending.set()

    for name in _ENDS:
        loop.add_signal_handler(name, end)
    return ending


def _say(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code
