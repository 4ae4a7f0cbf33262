"""F12: messages that do harm: a marker in the text says which, and only an afflicted worker of leads obeys it."""

import os
import re
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chaos.failpoints.trigger import around, die
from services.leads.entrypoints import intake

KINDS = ("exception", "loop", "memory", "crash")
_MARKER = re.compile(r"\[\[poison:(\w+)\]\]")
_LARGE = 2 * 1024**3
_LEFT = 1024**3
_PAGE = os.sysconf("SC_PAGESIZE")


def marker(kind: str) -> str:
    """Return the text that does this harm."""
    return f"[[poison:{kind}]]"


def make_effective() -> None:
    """Let the rules of intake obey the markers, in a process that may not grow by more than a gigabyte."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * _PAGE + _LEFT, resource.RLIM_INFINITY))
    around(intake, "take_in_inquiries", _obeying)


def _obeying(original: Any) -> Any:
    async def take_in_inquiries(batch: Sequence[Any], *arguments: Any) -> None:
        for inquiry in batch:
            if found := _MARKER.search(inquiry.text):
                _harm(found.group(1))
        await original(batch, *arguments)

    return take_in_inquiries


def _harm(kind: str) -> None:
    if kind == "exception":
        raise RuntimeError("a poisonous message")
    if kind == "memory":
        bytearray(_LARGE)
    if kind == "crash":
        die()
    while kind == "loop":
        pass
