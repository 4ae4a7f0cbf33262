"""Small programs that tests put under the supervisor."""

import os
import sys
from pathlib import Path

from deploy.local.processes import Program, Ready, at_once


def python(
    name: str,
    code: str,
    folder: Path,
    *,
    ready: Ready = at_once,
    ready_within_s: float = 10,
    grace_s: float = 3,
) -> Program:
    """Return a program that runs this Python code."""
    return Program(
        name=name,
        command=(sys.executable, "-I", "-c", code),
        environment={"PATH": os.defpath},
        folder=folder,
        ready=ready,
        ready_within_s=ready_within_s,
        grace_s=grace_s,
    )


def gone(pid: int) -> bool:
    """Say whether the process has ended: there is none, or only what its parent has not yet taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
