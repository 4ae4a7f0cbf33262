"""A figure, its line of JSON, and the table that people read."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its floor or peer; `spread` is the span of the repeats around it, in percent."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    n: int = 0
    spread: float = 0.0
    note: str = ""

    def line(self) -> str:
        """Return the figure as one line of JSON."""
        return json.dumps({key: _rounded(item) for key, item in asdict(self).items()}, ensure_ascii=False)


def _rounded(value: object) -> object:
    return float(f"{value:.5g}") if isinstance(value, float) else value


def middle(values: Sequence[float]) -> tuple[float, float]:
    """Return the median and the span of the values around it, in percent."""
    median = statistics.median(values)
    return median, 100 * (max(values) - min(values)) / median if median else 0.0


def report(figures: Sequence[Figure]) -> None:
    """Print a line of JSON for each figure and a table, and keep the lines in `bench/results/latest.json`."""
    for figure in figures:
        print(figure.line())
    print(f"\n{'figure':<16}{'value':>12} {'unit':<16}{'floor':>12}{'ratio':>9}{'n':>9}{'spread':>9}")
    for figure in figures:
        floor = f"{figure.floor:,.1f}" if figure.floor is not None else "-"
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else "-"
        spread = f"{figure.spread:.0f} %"
        print(
            f"{figure.name:<16}{figure.value:>12,.1f} {figure.unit:<16}{floor:>12}{ratio:>9}{figure.n:>9}{spread:>9}"
        )
    sys.stdout.flush()
    RESULTS.mkdir(exist_ok=True)
    text = "".join(f"{figure.line()}\n" for figure in figures)
    (RESULTS / "latest.json").write_text(text, encoding="utf-8")
