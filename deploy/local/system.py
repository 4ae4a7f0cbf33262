"""The whole system on one machine: brought up step by step, taken down in the opposite order."""

import asyncio
import os
import sys
import time

from deploy import databases
from deploy.local import migrations, probe, servers
from deploy.local.console import Console
from deploy.local.environment import Wiring, choose_ports
from deploy.local.first_start import Administrator, History, administrator, shown
from deploy.local.keys import Secrets
from deploy.local.place import Asked, Place
from deploy.local.processes import Process, Program
from deploy.local.progress import Progress
from deploy.local.supervisor import Supervisor
from deploy.local.together import all_of, both
from deploy.local.tools import ToolFailedError, run_module
from deploy.local.units import UNITS, LocalProcess, processes, with_database


class System:
    """One run: what was found and made on the way up, and how it is taken down."""

    def __init__(self, place: Place, asked: Asked, progress: Progress) -> None:
        self._place = place
        self._asked = asked
        self._progress = progress
        self._console = Console(progress)
        self._supervisor = Supervisor(place.logs, self._console.take)
        self._servers = servers.Servers(place, asked, self._supervisor, progress)
        self._secrets = Secrets(place.local / "secrets.json")
        self._history = History(place)
        self._visitors: Process | None = None
        self.up = False

    async def bring_up(self) -> None:
        """Bring everything up and say where it is; raises what stands in the way."""
        begun = time.monotonic()
        admin = administrator(self._place, self._asked, self._history)
        await self._servers.choose(servers.this_machine(self._progress))
        postgres_url, amqp_url = await both(self._data(), self._servers.broker())
        wiring = self._wire(postgres_url, amqp_url, admin)
        wiring.addresses().save(self._place.local)
        with self._progress.step("units") as step:
            await self._start_units(wiring)
            step.text = f"units: {', '.join(item.name for item in processes())}"
        await self._first_start(wiring, admin)
        self._welcome(wiring, admin, time.monotonic() - begun)
        self.up = self._console.open = True

    async def take_down(self) -> None:
        """Stop everything that was started."""
        self._console.open = False
        if self._visitors is not None:
            await self._visitors.stop()
        await self._supervisor.stop()
        await self._servers.stop()

    async def _data(self) -> str:
        """Bring PostgreSQL up, make the databases, migrate them, and return the superuser's address."""
        url = await self._servers.postgres()
        with self._progress.step("databases") as step:
            self._secrets.complete(unit.name for unit in UNITS)
            items = self._databases()
            self._secrets.save()
            await databases.provision(url, list(items.values()))
            owners = {name: item.owner_url(url) for name, item in items.items()}
            moved = await migrations.bring_up(owners, self._place)
            step.text = f"databases migrated: {', '.join(moved)}" if moved else "databases are up to date"
        return url

    def _databases(self) -> dict[str, databases.ServiceDatabase]:
        passwords = self._secrets.database_passwords
        return {name: databases.of_service(name, passwords) for name in with_database()}

    def _wire(self, postgres_url: str, amqp_url: str, admin: Administrator) -> Wiring:
        fixed = {"VORONKA_PORT": self._asked.port, "VORONKA_HOOKS_PORT": self._asked.hooks_port}
        return Wiring(
            given=dict(os.environ),
            ports=choose_ports(os.environ, fixed, self._place.ports),
            signing_keys=self._secrets.signing_keys,
            sealing_keys=self._secrets.sealing_keys,
            databases=self._databases(),
            postgres_url=postgres_url,
            amqp_url=amqp_url,
            files=self._place.files,
            spool=self._place.spool,
            admin_password=admin.password if admin.set_now else "",
        )

    async def _start_units(self, wiring: Wiring) -> None:
        """Start the processes side by side, each as soon as those before it are ready."""
        ready = {item.name: asyncio.Event() for item in processes()}

        async def start(item: LocalProcess) -> None:
            for name in item.after:
                await ready[name].wait()
            await self._supervisor.start(self._program(item, wiring))
            ready[item.name].set()

        await all_of(*(start(item) for item in processes()))

    def _program(self, item: LocalProcess, wiring: Wiring) -> Program:
        port = wiring.ports[item.units[0].name]
        return Program(
            name=item.name,
            command=(sys.executable, "-m", *item.command),
            environment=wiring.for_process(item),
            folder=self._place.root,
            ready=lambda: probe.ready(port),
            ready_within_s=120,
        )

    async def _first_start(self, wiring: Wiring, admin: Administrator) -> None:
        """Load the demo company if this start is to do it; that it failed does not stop the system."""
        wanted = self._history.wants_demo(self._asked)
        self._history.started = True
        self._history.save()
        if not wanted:
            return
        environment = wiring.for_tool(
            VORONKA_ADMIN_PASSWORD=admin.password,
            LEADS_DATABASE_URL=wiring.databases["leads"].url(wiring.postgres_url),
        )
        with self._progress.step("demo company", announce=True) as step:
            try:
                log = self._place.logs / "demo.log"
                said = await run_module(
                    "deploy.demo", (), environment=environment, root=self._place.root, log=log
                )
                self._history.demo = "loaded"
                step.text = said[-1] if said else step.text
            except ToolFailedError as error:
                self._history.demo = "failed"
                step.text = str(error)
        self._history.save()
        if self._history.demo == "loaded":
            await self._send_visitors(environment)

    async def _send_visitors(self, environment: dict[str, str]) -> None:
        """Let the last inquiries come through the hooks while the page is open."""
        command = (sys.executable, "-m", "deploy.demo", "later")
        program = Program("demo", command, environment, self._place.root, grace_s=1)
        self._visitors = Process(program, lambda line: self._console.take("demo", line))
        await self._visitors.start()

    def _welcome(self, wiring: Wiring, admin: Administrator, took_s: float) -> None:
        for line in (
            "",
            f"Voronka is ready after {took_s:.1f} s: {wiring.public_url}",
            f"  login  admin, password {admin.where}",
            *(
                [
                    "  demo   lanskoy, rogova (managers), veresova (head), orlova (dispatcher): the same password"
                ]
                if self._history.demo == "loaded"
                else []
            ),
            f"  hooks  {wiring.hooks_url}",
            f"  logs   {shown(self._place.logs, self._place.root)}",
            "Ctrl-C stops everything; the data stays.",
            "",
        ):
            self._progress.say(line)
