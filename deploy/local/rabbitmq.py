"""A private RabbitMQ node: found programs, names, ports and folders of its own, a password, the loopback only."""

import asyncio
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import aio_pika

from deploy.local import rabbitmq_files as files
from deploy.local.accounts import Account, account, make_folder
from deploy.local.locks import wait_free
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.processes import Program
from deploy.local.rabbitmq_files import USER

_SYSTEM_USER = "rabbitmq"
_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/local/lib/rabbitmq/bin", "/opt/rabbitmq/sbin")
_PORTS = {"amqp": 5672, "amqps": 5671}
_ERLANG = ("/usr/lib/erlang", "/usr/local/lib/erlang")


class RabbitSetupError(Exception):
    """The private node could not be made."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the server's own scripts, not of the package's wrappers, and the port mapper's path."""

    folder: Path
    epmd: Path


def find() -> Binaries | None:
    """Return where the installed server is, or None."""
    folders = [Path(name) for name in _FOLDERS]
    on_path = shutil.which("rabbitmq-server")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    epmd = _epmd()
    for folder in folders:
        if epmd and (folder / "rabbitmq-server").exists() and (folder / "rabbitmqctl").exists():
            return Binaries(folder, epmd)
    return None


def _epmd() -> Path | None:
    on_path = shutil.which("epmd")
    if on_path:
        return Path(on_path)
    found = [path for name in _ERLANG for path in Path(name).glob("erts-*/bin/epmd")]
    return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Control:
    """The command line of one node."""

    binaries: Binaries
    environment: dict[str, str] = field(repr=False)
    owner: Account

    def run(self, *arguments: str) -> None:
        """Run rabbitmqctl; RabbitSetupError says what it said."""
        user = {"user": self.owner.ids[0], "group": self.owner.ids[1]} if self.owner.name else {}
        done = subprocess.run(
            [self.binaries.folder / "rabbitmqctl", "-q", *arguments],
            env=self.environment,
            cwd=self.environment["HOME"],
            capture_output=True,
            text=True,
            check=False,
            **user,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RabbitSetupError(f"rabbitmqctl {arguments[0]}: {(done.stderr or done.stdout).strip()}")

    def add_vhost(self, name: str) -> None:
        """Make a virtual host in which our user may do everything; RabbitSetupError says what was said."""
        self.run("add_vhost", name)
        self.run("set_permissions", "-p", name, USER, ".*", ".*", ".*")


@dataclass(frozen=True, slots=True)
class PrivateRabbit:
    """A node ready to be started: its port mapper, its server, its address and how it is administered."""

    mapper: Program
    program: Program
    url: str
    control: Control

    def vhost_url(self, vhost: str) -> str:
        """Return the address of one of its virtual hosts."""
        return f"{self.url}{quote(vhost, safe='')}"


async def prepare(
    folder: Path, ports: Ports, *, name: str, vhosts: Sequence[str] = (), memory: str = "512MB"
) -> PrivateRabbit:
    """Make the node's folder and settings and return how it is run; `vhosts` are made at its start.

    Above so much `memory` the broker blocks publishers.
    A node that still ends there is waited for. RabbitSetupError when the server is not installed.
    """
    binaries = find()
    if binaries is None:
        raise RabbitSetupError("no RabbitMQ server programs")
    owner = account(_SYSTEM_USER)
    make_folder(folder, owner)
    for lock in ("mapping", "running"):
        await wait_free(folder / lock)
    files.forget_other_nodes(folder / "mnesia", name)
    for part in ("mnesia", "log"):
        make_folder(folder / part, owner)
    port, mapping, distribution = ports.get("amqp"), ports.get("epmd"), ports.get("erlang")
    password = files.password_of(folder, owner)
    files.write(folder / "rabbitmq.conf", files.settings(folder, port, memory), owner)
    files.write(folder / "definitions.json", files.definitions(password, ["/", *vhosts]), owner)
    files.write(folder / "enabled_plugins", "[].\n", owner)
    environment = files.environment(folder, name=name, mapping=mapping, distribution=distribution)
    url = f"amqp://{USER}:{password}@{LOOPBACK}:{port}/"
    control = Control(binaries, environment, owner)
    return PrivateRabbit(_mapper(control, folder, mapping), _server(control, folder, url), url, control)


def _mapper(control: Control, folder: Path, port: int) -> Program:
    """Return the port mapper: run by us, because the one that Erlang starts by itself would outlive everything."""
    return Program(
        name="epmd",
        command=(str(control.binaries.epmd), "-port", str(port), "-address", LOOPBACK),
        environment=control.environment,
        folder=folder,
        account=control.owner,
        server=True,
        lock=folder / "mapping",
    )


def _server(control: Control, folder: Path, url: str) -> Program:
    return Program(
        name="rabbitmq",
        command=(str(control.binaries.folder / "rabbitmq-server"),),
        environment=control.environment,
        folder=folder,
        account=control.owner,
        ready=lambda: answers(url),
        ready_within_s=120,
        grace_s=20,
        server=True,
        lock=folder / "running",
    )


async def answers(url: str) -> None:
    """Return when the broker takes a login; raises OSError while nobody listens, then what aio-pika raises."""
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORTS[parts.scheme])
    writer.close()
    connection = await aio_pika.connect(url, timeout=5)
    await connection.close()
