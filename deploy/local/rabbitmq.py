"""A private RabbitMQ node: found programs, names, ports and folders of its own, a password, the loopback only."""

import asyncio
import base64
import hashlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import aio_pika

from deploy.local.accounts import Account, account, make_folder
from deploy.local.locks import wait_free
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.processes import Program

USER = "voronka"
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
class PrivateRabbit:
    """A node ready to be started: its port mapper, its server, its address and how it is administered."""

    mapper: Program
    program: Program
    url: str
    control: "Control"

    def vhost_url(self, vhost: str) -> str:
        """Return the address of one of its virtual hosts."""
        return f"{self.url}{quote(vhost, safe='')}"


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


async def prepare(folder: Path, ports: Ports, *, name: str, vhosts: Sequence[str] = ()) -> PrivateRabbit:
    """Make the node's folder and settings and return how it is run; `vhosts` are made at its start.

    A node that still ends there is waited for. RabbitSetupError when the server is not installed.
    """
    binaries = find()
    if binaries is None:
        raise RabbitSetupError("no RabbitMQ server programs")
    owner = account(_SYSTEM_USER)
    make_folder(folder, owner)
    for lock in ("mapping", "running"):
        await wait_free(folder / lock)
    _forget_other_nodes(folder / "mnesia", name)
    for part in ("mnesia", "log"):
        make_folder(folder / part, owner)
    port, mapping, distribution = ports.get("amqp"), ports.get("epmd"), ports.get("erlang")
    password = _password(folder, owner)
    _write(folder / "rabbitmq.conf", _settings(folder, port), owner)
    _write(folder / "definitions.json", _definitions(password, ["/", *vhosts]), owner)
    _write(folder / "enabled_plugins", "[].\n", owner)
    environment = _environment(folder, name=name, mapping=mapping, distribution=distribution)
    url = f"amqp://{USER}:{password}@{LOOPBACK}:{port}/"
    return PrivateRabbit(
        mapper=Program(
            name="epmd",
            command=(str(binaries.epmd), "-port", str(mapping), "-address", LOOPBACK),
            environment=environment,
            folder=folder,
            account=owner,
            server=True,
            lock=folder / "mapping",
        ),
        program=Program(
            name="rabbitmq",
            command=(str(binaries.folder / "rabbitmq-server"),),
            environment=environment,
            folder=folder,
            account=owner,
            ready=lambda: answers(url),
            ready_within_s=120,
            grace_s=20,
            server=True,
            lock=folder / "running",
        ),
        url=url,
        control=Control(binaries, environment, owner),
    )


async def answers(url: str) -> None:
    """Return when the broker takes a login; raises OSError while nobody listens, then what aio-pika raises."""
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORTS[parts.scheme])
    writer.close()
    connection = await aio_pika.connect(url, timeout=5)
    await connection.close()


def _forget_other_nodes(mnesia: Path, name: str) -> None:
    """Remove the data of nodes that had other names in this private folder: tests name theirs anew each time."""
    for path in mnesia.glob("*@localhost*"):
        if not path.name.startswith(f"{name}@"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(file: Path, text: str, owner: Account) -> None:
    file.write_text(text, encoding="utf-8")
    owner.own(file, 0o600)


def _password(folder: Path, owner: Account) -> str:
    file = folder / "password"
    if not file.exists():
        _write(file, secrets.token_urlsafe(24), owner)
    return file.read_text(encoding="utf-8")


def _settings(folder: Path, port: int) -> str:
    settings = {
        "listeners.tcp.1": f"{LOOPBACK}:{port}",
        "vm_memory_high_watermark.absolute": "512MB",
        "disk_free_limit.absolute": "512MB",
        "load_definitions": str(folder / "definitions.json"),
        "log.console": "true",
        "log.console.level": "warning",
        "log.file": "false",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _definitions(password: str, vhosts: Sequence[str]) -> str:
    """Return users, virtual hosts and rights; read at each start, so a changed password takes effect."""
    salt = os.urandom(4)
    digest = salt + hashlib.sha256(salt + password.encode()).digest()
    user = {
        "name": USER,
        "password_hash": base64.b64encode(digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator",
    }
    everything = {"user": USER, "configure": ".*", "write": ".*", "read": ".*"}
    return json.dumps(
        {
            "users": [user],
            "vhosts": [{"name": name} for name in vhosts],
            "permissions": [{**everything, "vhost": name} for name in vhosts],
        }
    )


def _environment(folder: Path, *, name: str, mapping: int, distribution: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),  # the node's secret for its command line lies there
        "ERL_EPMD_PORT": str(mapping),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_NODENAME": f"{name}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),  # the machine's own settings are not ours
        # Together these make the script become the server instead of waiting for it, so that signals reach it.
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_SERVER_START_ARGS": "-noinput",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    }
