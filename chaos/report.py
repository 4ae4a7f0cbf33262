"""The table at the end, and the same as lines of JSON in a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from chaos.acting import Result

_HEAD = ("fault", "sent", "accepted", "stored", "lost", "doubled", "recovery", "took", "verdict")
_ROW = "{:<26}{:>7}{:>10}{:>8}{:>6}{:>9}{:>10}{:>8}  {}"


def line(result: Result) -> str:
    """Return the row of the table."""
    if result.not_run:
        return _ROW.format(result.name, *("-",) * 7, f"not run: {result.not_run}")
    recovery = "never" if result.recovery_s is None else f"{result.recovery_s:.1f} s"
    figures = (result.sent, result.accepted, result.stored, result.lost, result.doubled)
    fell = f"  (fell by itself: {', '.join(result.fell)})" if result.fell else ""
    return _ROW.format(result.name, *figures, recovery, f"{result.seconds:.0f} s", f"{result.verdict}{fell}")


def table(results: Sequence[Result]) -> str:
    """Return the whole table, and under it what is broken."""
    lines = [_ROW.format(*_HEAD), *map(line, results)]
    for result in results:
        lines += [f"{result.name}: {violation}" for violation in result.broken]
    return "\n".join(lines)


def write(results: Sequence[Result], file: Path, *, seed: int) -> None:
    """Add a line of JSON for each act to the results file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        for result in results:
            known = {**asdict(result), "verdict": result.verdict, "seed": seed}
            known["broken"] = [asdict(item) for item in result.broken]
            out.write(json.dumps(known, ensure_ascii=False) + "\n")
