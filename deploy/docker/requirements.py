"""The part of requirements.lock that one unit needs: `python3 deploy/docker/requirements.py <unit>`.

pip installs a lock file only whole, and ours holds the tools of all tests too. Each entry says in its `# via` lines who
asked for it, so a unit's part is what its dependency group asked for, and what those packages asked for in turn. An
entry that were missing would stop the installation, because with `--require-hashes` pip takes nothing unnamed. Only the
standard library is used: it runs in the empty image.
"""

import re
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent.parent / "requirements.lock"
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
_GROUP = re.compile(r"\(pyproject\.toml:(?P<group>[\w-]+)\)")


def entries(lock: str) -> dict[str, str]:
    """Return the text of each entry by its package."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        match = _ENTRY.match(line)
        if match:
            name = match["name"]
        if name:
            found[name] = found.get(name, "") + line
    return found


def asked_by(entry: str) -> set[str]:
    """Return who asked for the entry: packages by name, groups as `:group`."""
    comments = [
        line.strip().lstrip("#").strip() for line in entry.splitlines() if line.lstrip().startswith("#")
    ]
    names = [line.removeprefix("via").strip() for line in comments]
    groups = {f":{match['group']}" for name in names for match in _GROUP.finditer(name)}
    return groups | {name for name in names if name and "(" not in name}


def part(lock: str, unit: str) -> str:
    """Return the entries that the unit needs; ValueError when the lock knows no such group."""
    known = entries(lock)
    wanted: set[str] = set()
    asking = {f":{unit}"}
    while found := {name for name, text in known.items() if name not in wanted and asked_by(text) & asking}:
        wanted |= found
        asking = found
    if not wanted:
        raise ValueError(f"requirements.lock has nothing for {unit}")
    return "".join(text for name, text in known.items() if name in wanted)


if __name__ == "__main__":
    sys.stdout.write(part(LOCK.read_text(encoding="utf-8"), sys.argv[1]))
