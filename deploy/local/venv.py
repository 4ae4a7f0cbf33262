"""The Python environment `.venv`: made by uv if it is there, else by the venv module and pip; kept by a stamp.

Only the standard library is used here: this runs before the environment exists.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from deploy.local import packages
from deploy.local.progress import Progress

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
_LOCK = ROOT / "requirements.lock"
_STAMP = FOLDER / "installed"


class EnvironmentFailedError(Exception):
    """The Python environment could not be made; the message says what helps."""


def enter(module: str, arguments: list[str]) -> int:
    """Make the environment and run the module in it as this process; returns 1 when it cannot be made."""
    try:
        ensure(Progress())
    except (EnvironmentFailedError, packages.InstallError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return _become([str(PYTHON), "-m", module, *arguments])


def _become(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def ensure(progress: Progress) -> None:
    """Make the environment, or bring it up to the lock file; EnvironmentFailedError if that fails."""
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if _works() and _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == wanted:
        return
    uv = shutil.which("uv")
    with progress.step(f"Python packages into .venv, with {'uv' if uv else 'pip'}", announce=True):
        if not _works():
            _make(uv, progress)
        _install(uv)
    _STAMP.write_text(wanted, encoding="utf-8")


def _works() -> bool:
    """Say whether the environment's interpreter runs; after an upgrade of the system's Python it may not."""
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _make(uv: str | None, progress: Progress) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    if uv:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(FOLDER)])
        return
    if importlib.util.find_spec("ensurepip") is None:
        if not packages.can_install():
            raise EnvironmentFailedError(
                "Python's venv module is incomplete: install the package python3-venv, or uv, and start again"
            )
        packages.install([_venv_package()], progress)
    _run([sys.executable, "-m", "venv", str(FOLDER)])


def _venv_package() -> str:
    """Return the package for the running interpreter when it is the system's own."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def _install(uv: str | None) -> None:
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        command = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]
    _run([*command, "--require-hashes", "-r", str(_LOCK)])


def _run(command: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=2, check=False)
    if done.returncode:
        raise EnvironmentFailedError(f"failed with code {done.returncode}: {' '.join(command)}")
