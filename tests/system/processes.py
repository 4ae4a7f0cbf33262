"""Units as processes of their own, so that a test may kill one as a machine would."""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from deploy.local.ports import LOOPBACK
from deploy.local.processes import Process, Program
from shared.runtime.declaration import Unit
from tests.booting import environment_of
from tests.databases import TestDatabase
from tests.keys import TestKeys

ROOT = Path(__file__).parents[2]

NewDatabase = Callable[[Unit], Awaitable[TestDatabase]]


@dataclass
class System:
    """What the processes of one test share."""

    keys: TestKeys
    amqp_url: str
    files: Path
    database: NewDatabase
    stack: AsyncExitStack
    told: dict[str, str] = field(default_factory=dict)
    databases: dict[str, TestDatabase] = field(default_factory=dict)

    async def start(self, unit: Unit, module: str, process: str = "all", **settings: str) -> "Started":
        """Start a process of a unit and wait until it is ready; all processes of a unit share its database."""
        if unit.database is not None and unit.name not in self.databases:
            self.databases[unit.name] = await self.database(unit)
        given = environment_of(
            unit, self.keys, amqp_url=self.amqp_url, files=self.files, database=self.databases.get(unit.name)
        )
        environment = {**os.environ, **given, **self.told, **settings}
        found = Started(module, process, int(environment[f"{unit.name.upper()}_HTTP_PORT"]), environment)
        await found.run()
        self.stack.push_async_callback(found.process.stop)
        self.told[f"VORONKA_{unit.name.upper()}_URL"] = found.url
        return found


class Started:
    """One process."""

    def __init__(self, module: str, process: str, port: int, environment: Mapping[str, str]) -> None:
        self.url = f"http://{LOOPBACK}:{port}"
        self.lines: list[str] = []
        command = (sys.executable, "-m", module, process)
        program = Program(f"{module} {process}", command, environment, ROOT, ready=self._ready)
        self.process = Process(program, self._take)

    async def run(self) -> None:
        """Start and wait until it says that it is ready."""
        await self.process.start()
        await self.process.wait_ready()

    async def _ready(self) -> None:
        async with httpx2.AsyncClient(base_url=self.url, timeout=2) as http:
            (await http.get("/readyz")).raise_for_status()

    def _take(self, line: bytes) -> None:
        self.lines.append(line.decode("utf-8", "replace"))


@asynccontextmanager
async def system(keys: TestKeys, amqp_url: str, files: Path, database: NewDatabase) -> AsyncIterator[System]:
    """Yield an empty system; every process that was started ends with the block."""
    async with AsyncExitStack() as stack:
        yield System(keys, amqp_url, files, database, stack)
