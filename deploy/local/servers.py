"""Finding PostgreSQL and RabbitMQ for a run: given, by Docker, from installed programs, or installed first."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from aiormq.exceptions import ProbableAuthenticationError

from deploy.local import containers, packages, postgres, rabbitmq
from deploy.local.accounts import server_folder
from deploy.local.place import Asked, Place
from deploy.local.processes import NotReadyError, until
from deploy.local.progress import Progress
from deploy.local.supervisor import Supervisor

_GIVEN_WITHIN_S = 15.0
_CONTAINER_WITHIN_S = 120.0
_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, ProbableAuthenticationError)


class Way(Enum):
    """How a server is had."""

    GIVEN = "address given"
    DOCKER = "in Docker"
    PROGRAMS = "private instance"


class NoServerError(Exception):
    """There is no way to a server; the message names all the ways."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two servers: its name, variable, package and how its programs are found."""

    name: str
    variable: str
    package: str
    present: Callable[[], bool]


POSTGRES = Kind("PostgreSQL", "VORONKA_POSTGRES_URL", "postgresql", lambda: bool(postgres.find()))
RABBITMQ = Kind("RabbitMQ", "VORONKA_AMQP_URL", "rabbitmq-server", lambda: rabbitmq.find() is not None)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the search asks of the machine."""

    engine_answers: Callable[[], bool]
    can_install: Callable[[], bool]
    install: Callable[[list[str]], None]


def this_machine(progress: Progress) -> Machine:
    """Return the machine that we are on."""
    return Machine(
        containers.compose_answers, packages.can_install, lambda names: packages.install(names, progress)
    )


def choose(given: dict[Kind, bool], machine: Machine) -> dict[Kind, Way]:
    """Return the way to each server, in the fixed order; installs the packages if nothing else is left.

    NoServerError when there is none, InstallError when installing failed.
    """
    ways = {kind: Way.GIVEN for kind, known in given.items() if known}
    needed = [kind for kind in given if kind not in ways]
    if needed and machine.engine_answers():
        return {**ways, **dict.fromkeys(needed, Way.DOCKER)}
    missing = [kind for kind in needed if not kind.present()]
    if missing and machine.can_install():
        machine.install([kind.package for kind in missing])
        missing = [kind for kind in missing if not kind.present()]
    if missing:
        raise NoServerError(_ways_out(missing))
    return {**ways, **dict.fromkeys(needed, Way.PROGRAMS)}


def _ways_out(missing: list[Kind]) -> str:
    names = " and ".join(kind.name for kind in missing)
    variables = " and ".join(kind.variable for kind in missing)
    installed = " and ".join(kind.package for kind in missing)
    return (
        f"{names} not found (PostgreSQL {postgres.OLDEST} or newer, RabbitMQ 3.10 or newer). Any of these helps:\n"
        f"  give the address: {variables} (for PostgreSQL, of a superuser);\n"
        "  start a Docker engine with the compose plugin;\n"
        f"  install the server programs: {installed};\n"
        "  run this as root on Debian or Ubuntu, and they are installed with apt-get."
    )


class Servers:
    """The two servers of one run, brought up under the supervisor."""

    def __init__(self, place: Place, asked: Asked, supervisor: Supervisor, progress: Progress) -> None:
        self._place = place
        self._asked = asked
        self._supervisor = supervisor
        self._progress = progress
        self._containers: containers.Containers | None = None
        self._ways: dict[Kind, Way] = {}

    async def choose(self, machine: Machine) -> None:
        """Find the way to each; raises what `choose` raises, ContainerError when Docker fails."""
        given = {POSTGRES: bool(self._asked.postgres_url), RABBITMQ: bool(self._asked.amqp_url)}
        self._ways = await asyncio.to_thread(choose, given, machine)
        wanted = [name for name, kind in _SERVICES.items() if self._ways[kind] is Way.DOCKER]
        if wanted:
            project = f"voronka-{hashlib.sha256(str(self._place.root).encode()).hexdigest()[:8]}"
            self._containers = containers.Containers(self._place, project)
            with self._progress.step(f"Docker containers {' and '.join(wanted)}", announce=True):
                self._containers.prepare()
                await self._containers.up(wanted)

    async def postgres(self) -> str:
        """Bring PostgreSQL up and return a superuser's address."""
        with self._progress.step("PostgreSQL") as step:
            way = self._ways[POSTGRES]
            if way is Way.PROGRAMS:
                folder = self._data() / "postgres"
                private = await postgres.prepare(folder, self._place.ports)
                await self._supervisor.start(private.program)
                step.text = f"PostgreSQL {private.major}: {_where(way, private.url)}{self._far()}"
                return private.url
            url = self._asked.postgres_url or self._docker().postgres_url
            await _answers(POSTGRES, way, lambda: postgres.answers(url))
            step.text = f"PostgreSQL: {_where(way, url)}"
            return url

    async def broker(self) -> str:
        """Bring RabbitMQ up and return its address."""
        with self._progress.step("RabbitMQ") as step:
            way = self._ways[RABBITMQ]
            if way is Way.PROGRAMS:
                name = f"voronka-{self._place.identity[:12]}"
                folder = self._data() / "rabbitmq"
                private = await rabbitmq.prepare(folder, self._place.ports, name=name)
                await self._supervisor.start(private.mapper)
                await self._supervisor.start(private.program)
                step.text = f"RabbitMQ: {_where(way, private.url)}{self._far()}"
                return private.url
            url = self._asked.amqp_url or self._docker().amqp_url
            await _answers(RABBITMQ, way, lambda: rabbitmq.answers(url))
            step.text = f"RabbitMQ: {_where(way, url)}"
            return url

    async def stop(self) -> None:
        """Stop what the supervisor does not: the containers."""
        if self._containers is not None:
            await self._containers.stop()

    def _docker(self) -> containers.Containers:
        if self._containers is None:
            raise RuntimeError("no containers were started")
        return self._containers

    def _data(self) -> Path:
        return server_folder(self._place.local, self._place.identity)

    def _far(self) -> str:
        folder = self._data()
        return "" if folder == self._place.local else f", data in {folder}"


_SERVICES = {"postgres": POSTGRES, "rabbitmq": RABBITMQ}


def _where(way: Way, url: str) -> str:
    parts = urlsplit(url)
    return f"{way.value}, {parts.hostname}:{parts.port}" if parts.port else f"{way.value}, {parts.hostname}"


async def _answers(kind: Kind, way: Way, ask: Callable[[], Awaitable[None]]) -> None:
    """Wait until the server answers; NoServerError with the last reason when the time is over."""
    given = way is Way.GIVEN
    try:
        within_s = _GIVEN_WITHIN_S if given else _CONTAINER_WITHIN_S
        await until(ask, within_s=within_s, hopeless=_REFUSED if given else ())
    except NotReadyError as error:
        source = f" ({kind.variable})" if given else ""
        raise NoServerError(f"{kind.name}{source} does not answer: {error}") from error
