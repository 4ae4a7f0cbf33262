"""Modules of ours that run once and end: migrations, the demo company."""

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.logs import LogFile
from deploy.local.processes import Process, Program


class ToolFailedError(Exception):
    """The tool ended with an error; the message ends with what it said last."""


async def run_module(
    module: str, arguments: tuple[str, ...], *, environment: Mapping[str, str], root: Path, log: Path
) -> list[str]:
    """Run `python -m module`, keep what it writes in the log file and return its lines; ToolFailedError."""
    lines: list[str] = []
    kept = LogFile(log)

    def take(line: bytes) -> None:
        lines.append(line.decode("utf-8", "replace"))
        kept.write(line)

    process = Process(Program(module, (sys.executable, "-m", module, *arguments), environment, root), take)
    try:
        await process.start()
        code = await process.wait()
    finally:
        await process.stop()
        kept.close()
    if code:
        raise ToolFailedError(f"{module} failed with code {code}: {' / '.join(lines[-2:])}")
    return lines
