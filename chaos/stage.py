"""One system to break: fresh databases, a virtual host of its own, the product's processes, the journal."""

import os
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from chaos.company import Company
from chaos.ledger import Ledger
from chaos.people import People
from chaos.posting import Poster
from chaos.servers import Servers
from chaos.tap import Tap
from chaos.units import UnitProgram, choose_ports, own_environment, unit_programs
from chaos.victim import Fall, Victim
from deploy import databases
from deploy.local.environment import Wiring
from deploy.local.keys import Secrets
from deploy.local.logs import LogFile
from deploy.local.place import Place
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Program
from deploy.local.together import all_of
from deploy.local.tools import run_module
from deploy.local.units import UNITS, with_database

_PASSWORD = "не-угадать-никому-никогда"  # noqa: S105 - it opens a system that lives for minutes


@dataclass(slots=True)
class Stage:
    """What the acts play on. `name` is part of every key of its events."""

    name: str
    place: Place
    servers: Servers
    falls: list[Fall]
    chance: random.Random
    delays_ms: str = ""
    """Shorter waiting rooms for failed messages, so that a poison reaches its end within a run."""
    urls: dict[str, str] = field(default_factory=dict)
    vhost: str = ""
    amqp_url: str = ""
    files: Path = Path()
    spool: Path = Path()
    programs: dict[str, UnitProgram] = field(default_factory=dict)
    units: dict[str, Victim] = field(default_factory=dict)
    hooks: list[str] = field(default_factory=list)
    ledger: Ledger = field(init=False)
    people: People = field(init=False)
    poster: Poster = field(init=False)
    tap: Tap = field(init=False)
    company: Company = field(init=False)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def bring_up(self) -> None:
        """Make everything and start the processes; raises what stands in the way."""
        journal = self.place.local / "journals" / f"{self.name}.jsonl"
        self.ledger = self._closing.enter_context(Ledger(journal))
        self.people = People(self.chance)
        self.vhost = self.servers.vhosts.pop(0)
        self.amqp_url = self.servers.private.vhost_url(self.vhost)
        wiring = await self._wire()
        await self._migrate(wiring)
        self.tap = Tap(self.amqp_url)
        await self.tap.open()
        await self._start_units(wiring)
        self.poster = Poster(self.ledger, self.unit_url("forms"))
        self._closing.push_async_callback(self.poster.close)
        urls = {unit.name: self.unit_url(unit.name) for unit in UNITS}
        self.company = Company(wiring.signing_keys["staff"], urls, self.ledger)
        self._closing.push_async_callback(self.company.close)
        self.hooks = await self.company.prepare()

    async def _start_units(self, wiring: Wiring) -> None:
        programs = unit_programs(wiring, self.place.root, self.place.ports)
        self.programs = {item.program.name: item for item in programs}
        for name in self.programs:
            log = LogFile(self.place.logs / f"{name}.log")
            self.units[name] = Victim(self.program(name), log, self.falls)
            self._closing.push_async_callback(self.units[name].stop)
        await all_of(*(unit.start() for unit in self.units.values()))

    async def _wire(self) -> Wiring:
        secrets = Secrets(self.place.local / "secrets.json")
        secrets.complete(unit.name for unit in UNITS)
        passwords = secrets.database_passwords
        prefix = f"chaos_{self.name.replace('-', '_')}_"
        items = {name: databases.of_service(name, passwords, prefix=prefix) for name in with_database()}
        await databases.provision(self.servers.postgres_url, list(items.values()))
        secrets.save()
        self.urls = {name: item.url(self.servers.postgres_url) for name, item in items.items()}
        self.files, self.spool = self.place.files / self.name, self.place.spool / self.name
        return Wiring(
            given=own_environment(),
            ports=choose_ports(self.place.ports),
            signing_keys=secrets.signing_keys,
            sealing_keys=secrets.sealing_keys,
            databases=items,
            postgres_url=self.servers.postgres_url,
            amqp_url=self.amqp_url,
            files=self.files,
            spool=self.spool,
            admin_password=_PASSWORD,
        )

    async def _migrate(self, wiring: Wiring) -> None:
        await run_module(
            "deploy.local.migrating",
            with_database(),
            environment={**os.environ, **wiring.owner_urls()},
            root=self.place.root,
            log=self.place.logs / "migrations.log",
        )

    def unit_url(self, unit: str) -> str:
        """Return where a unit answers."""
        return f"http://{LOOPBACK}:{self._port(unit)}"

    def _port(self, unit: str) -> int:
        variable = f"{unit.upper()}_HTTP_PORT"
        found = (p for p in self.programs.values() if variable in p.program.environment)
        return next(item.port for item in found)

    def program(self, name: str, **failpoints: str) -> Program:
        """Return how a process is run on this stage, with failpoints if any are given."""
        told = {**({"CHAOS_DELAYS_MS": self.delays_ms} if self.delays_ms else {}), **failpoints}
        return self.programs[name].afflicted(**told) if told else self.programs[name].program

    async def run_anew(self, name: str, **failpoints: str) -> None:
        """Start a process anew, with these failpoints or with none."""
        unit = self.units[name]
        await unit.stop()
        unit.program = self.program(name, **failpoints)
        await unit.start()

    async def take_down(self) -> None:
        """Stop the processes."""
        await self._closing.aclose()
