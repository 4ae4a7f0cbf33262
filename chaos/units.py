"""The product's processes in a run: as on one machine, except that leads runs as its api and two workers."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.local import probe
from deploy.local.environment import Wiring
from deploy.local.ports import Ports
from deploy.local.processes import Program
from deploy.local.units import UNITS, processes

AFFLICTED = "chaos.afflicted"
_SPLIT = "leads"
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class UnitProgram:
    """A process of the product: how it is run and where it answers."""

    program: Program
    port: int

    def afflicted(self, **environment: str) -> Program:
        """Return the same process with failpoints in it (`chaos/afflicted.py`)."""
        python, dash_m, *rest = self.program.command
        return replace(
            self.program,
            command=(python, dash_m, AFFLICTED, *rest),
            environment={**self.program.environment, **environment},
        )


def own_environment() -> dict[str, str]:
    """Return our environment without anything that would change the product's settings."""
    ours = ("VORONKA_", *(unit.prefix for unit in UNITS))
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def choose_ports(kept: Ports) -> dict[str, int]:
    """Return a free port for each unit."""
    return {unit.name: kept.get(unit.name) for unit in UNITS}


def unit_programs(wiring: Wiring, root: Path, kept: Ports) -> list[UnitProgram]:
    """Return the processes in the order in which they are started."""
    found: list[UnitProgram] = []
    for item in processes():
        port = wiring.ports[item.units[0].name]
        if item.name != _SPLIT:
            found.append(_program(item.name, item.command, wiring.for_process(item), root, port))
            continue
        environment = wiring.for_process(item)
        module = item.command[0]
        found.append(_program(f"{_SPLIT}-api", (module, "api"), environment, root, port))
        for number in range(1, _WORKERS + 1):
            name = f"{_SPLIT}-{number}"
            own = kept.get(name)
            told = {**environment, f"{item.units[0].prefix}HTTP_PORT": str(own)}
            found.append(_program(name, (module, "worker"), told, root, own))
    return found


def _program(
    name: str, command: tuple[str, ...], environment: Mapping[str, str], root: Path, port: int
) -> UnitProgram:
    program = Program(
        name=name,
        command=(sys.executable, "-m", *command),
        environment=environment,
        folder=root,
        ready=lambda: probe.ready(port),
        ready_within_s=60,
        grace_s=8,
    )
    return UnitProgram(program, port)
