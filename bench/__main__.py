"""`python -m bench [name …]`: run all benchmarks or those named; `BENCH_SCALE=0.1` makes them smaller and quicker."""

import asyncio
import os
import sys
from collections.abc import Sequence

from bench.drain import drain, naive_drain
from bench.figures import Figure, report
from bench.machine import Machine, machine
from bench.path import path

NAMES = ("intake.drain", "intake.naive", "intake.path", "naive.path")


def _scaled(number: int) -> int:
    return max(50, round(number * float(os.environ.get("BENCH_SCALE", "1"))))


async def run(names: Sequence[str], servers: Machine) -> list[Figure]:
    """Run the named benchmarks; a peer's figure needs the product's, so both are taken together."""
    found: list[Figure] = []
    wanted = set(names or NAMES)
    repeats = 3 if _scaled(1000) >= 1000 else 1  # noqa: PLR2004 - a smaller run is only a look
    if wanted & {"intake.drain", "intake.naive"}:
        found += await drain(servers, count=_scaled(50_000), repeats=repeats)
    if "intake.naive" in wanted:
        found += await naive_drain(servers, count=_scaled(4_000), repeats=repeats, product=found[0].value)
    if wanted & {"intake.path", "naive.path"}:
        found += await path(servers, seconds=_scaled(60_000) / 1_000)
    return found


async def main(names: Sequence[str]) -> int:
    """Find or start the servers, measure, report; 2 for a name that is none."""
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.stderr.write(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}\n")
        return 2
    async with machine() as servers:
        report(await run(names, servers))
    return 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(sys.argv[1:])))
