"""Real servers for the tests, found or started once per session.

In this order: `VORONKA_TEST_POSTGRES_URL` (a superuser) and `VORONKA_TEST_AMQP_URL` from the environment, each for
itself; containers when a Docker engine answers; private instances of the installed server programs under
`.local/test/<n>/`, a place of their own for each test run, so that runs beside each other and beside `make run` do
not meet.

Fixtures (tests/conftest.py), all of them usable by their name alone:

- `postgres_url`: address of a superuser.
- `amqp_url`: address of a virtual host of this session; `await fresh_vhost()`: address of one that nobody else uses.
- `await database(SERVICE)`: a fresh, migrated database of a declared unit as `TestDatabase(url, owner_url)`; each call
  gives another one, copied from a template that is migrated once per session; all of a module's end with the module.
- `keys`: signing keys for every unit (tests/keys.py): `keys.ring`, `keys.seed("leads")`, `keys.unit("gateway")`,
  `keys.employee(id, grants={"leads.read": "all"})`.
- `async with boot(SERVICE, database=…, amqp_url=…, settings={"LEADS_…": "…"}) as running`: the unit in this process on
  a free port (tests/booting.py): `running.url`, `running.app`, `running.settings`.

With `VORONKA_TEST_AMQP_URL` the command that runs rabbitmqctl for that broker may stand in `VORONKA_TEST_AMQP_ADMIN`;
without it there are no further virtual hosts: `fresh_vhost()` empties and returns the given one.
"""

import asyncio
import os
import secrets
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.local import postgres, rabbitmq
from deploy.local.accounts import server_folder
from deploy.local.containers import engine_answers
from deploy.local.locks import Lock
from deploy.local.logs import LogFile
from deploy.local.ports import Ports
from deploy.local.processes import Process, Program, until
from deploy.local.together import both
from tests import containers
from tests.brokers import GivenBroker, NewVhost, PrivateBroker

__all__ = ["NewVhost", "NoServersError", "Servers", "running_servers"]

ROOT = Path(__file__).parent.parent
_PREPARED_VHOSTS = 40
_WAYS = """the tests need PostgreSQL and RabbitMQ; any of these helps:
  set VORONKA_TEST_POSTGRES_URL (a superuser) and VORONKA_TEST_AMQP_URL;
  start a Docker engine;
  install the packages postgresql and rabbitmq-server (`make test` does it on Debian and Ubuntu as root)."""


class NoServersError(Exception):
    """No way to PostgreSQL or RabbitMQ was found; the message names them all."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are, and how another virtual host is had."""

    postgres_url: str
    new_vhost: NewVhost


@asynccontextmanager
async def running_servers() -> AsyncIterator[Servers]:
    """Yield servers that answer; NoServersError when there is no way to them."""
    async with AsyncExitStack() as stack:
        place = Place(stack)
        if not _all_given():
            place.docker = await asyncio.to_thread(engine_answers)
        postgres_url, new_vhost = await both(_postgres(place), _broker(place))
        yield Servers(postgres_url, new_vhost)


def _all_given() -> bool:
    return all(os.environ.get(name) for name in ("VORONKA_TEST_POSTGRES_URL", "VORONKA_TEST_AMQP_URL"))


class Place:
    """A folder of this test run alone, taken when a private server needs it, and the servers that run there."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._folder: Path | None = None
        self.docker = False

    @property
    def folder(self) -> Path:
        """The folder, locked until the end of the session."""
        if self._folder is None:
            self._folder = self._take()
        return self._folder

    @property
    def ports(self) -> Ports:
        """The kept ports of the folder."""
        return Ports(self.folder / "ports.json")

    def _take(self) -> Path:
        local = ROOT / ".local"
        local.mkdir(mode=0o755, exist_ok=True)
        for number in range(1, 100):
            folder = local / "test" / str(number)
            lock = Lock(folder / "lock")
            if lock.take():
                self._stack.callback(lock.release)
                return folder
        raise NoServersError(f"a hundred test runs at once in {local}")

    def data(self) -> Path:
        """Return the folder for the servers' data, where their users reach it."""
        return server_folder(self.folder, f"tests {self.folder}")

    def at_the_end(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do this when the session ends."""
        self._stack.push_async_callback(do)

    async def answering(self, container: containers.Container, ask: Callable[[str], Awaitable[None]]) -> None:
        """Wait until a container's server answers; it is removed at the end of the session."""
        self.at_the_end(container.stop)
        await until(lambda: ask(container.url), within_s=60)

    async def run(self, program: Program) -> None:
        """Start a program, wait until it is ready, and end it with the session."""
        log = LogFile(self.folder / "logs" / f"{program.name}.log")
        process = Process(program, log.write)
        self._stack.callback(log.close)
        self._stack.push_async_callback(process.stop)
        await process.start()
        await process.wait_ready()


async def _postgres(place: Place) -> str:
    given = os.environ.get("VORONKA_TEST_POSTGRES_URL", "")
    if given:
        await postgres.answers(given)
        return given
    if place.docker:
        container = await containers.postgres()
        await place.answering(container, postgres.answers)
        return container.url
    if not postgres.find():
        raise NoServersError(_WAYS)
    folder = place.data() / "postgres"
    private = await postgres.prepare(folder, place.ports, durable=False)
    await place.run(private.program)
    await _forget_earlier_tests(private.url)
    return private.url


async def _forget_earlier_tests(url: str) -> None:
    """Drop what a session that was killed has left in its private server."""
    connection = await asyncpg.connect(url)
    for row in await connection.fetch(r"select datname from pg_database where datname like 'test\_%'"):
        await connection.execute(f'drop database "{row["datname"]}" with (force)')
    for row in await connection.fetch(r"select rolname from pg_roles where rolname like 'test\_%'"):
        await connection.execute(f'drop role "{row["rolname"]}"')
    await connection.close()


async def _broker(place: Place) -> NewVhost:
    given = os.environ.get("VORONKA_TEST_AMQP_URL", "")
    if given:
        await rabbitmq.answers(given)
        command = shlex.split(os.environ.get("VORONKA_TEST_AMQP_ADMIN", ""))
        broker = GivenBroker(given, command)
        place.at_the_end(broker.close)
        return broker.new_vhost
    if place.docker:
        container = await containers.rabbitmq()
        await place.answering(container, rabbitmq.answers)
        return container.new_vhost
    if rabbitmq.find() is None:
        raise NoServersError(_WAYS)
    names = [f"prepared-{number}" for number in range(_PREPARED_VHOSTS)]
    folder = place.data() / "rabbitmq"
    private = await rabbitmq.prepare(folder, place.ports, name=f"tests-{secrets.token_hex(4)}", vhosts=names)
    await place.run(private.mapper)
    await place.run(private.program)
    return PrivateBroker(private, names).new_vhost
