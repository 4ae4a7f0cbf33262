"""A private PostgreSQL: found programs, a cluster of our own with a password, durable settings, the loopback only."""

import asyncio
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local.accounts import Account, account, make_folder
from deploy.local.locks import wait_free
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.processes import Program

OLDEST = 15
SUPERUSER = "postgres"
_CONNECTIONS = 200
_DEBIAN = Path("/usr/lib/postgresql")


class PostgresSetupError(Exception):
    """The private cluster could not be made or does not fit the installed programs."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the server programs and their major version."""

    folder: Path
    major: int


def find() -> list[Binaries]:
    """Return the installed server programs that are new enough, newest first."""
    folders = [*_DEBIAN.glob("*/bin"), *(Path(found).resolve().parent for found in _on_path())]
    known = {folder: _major(folder) for folder in folders if (folder / "initdb").exists()}
    usable = [Binaries(folder, major) for folder, major in known.items() if major >= OLDEST]
    return sorted(usable, key=lambda item: item.major, reverse=True)


def _on_path() -> list[str]:
    return [found for found in (shutil.which("postgres"),) if found]


def _major(folder: Path) -> int:
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


@dataclass(frozen=True, slots=True)
class PrivatePostgres:
    """A cluster ready to be started, and the superuser's address."""

    program: Program
    url: str
    major: int


async def prepare(folder: Path, ports: Ports, *, durable: bool = True) -> PrivatePostgres:
    """Make the cluster in `folder` unless it is there, write its settings and return how it is run.

    A server that still ends there is waited for. `durable=False` leaves out the syncs to disk, for tests.
    PostgresSetupError says what is wrong.
    """
    owner = account(SUPERUSER)
    make_folder(folder, owner)
    await wait_free(folder / "running")
    return await asyncio.to_thread(_prepare, folder, ports, owner, durable=durable)


def _prepare(folder: Path, ports: Ports, owner: Account, *, durable: bool) -> PrivatePostgres:
    data = folder / "data"
    if not durable and (data / "postmaster.pid").exists():
        shutil.rmtree(data)  # it was killed without having synced anything: nothing in it can be trusted
    binaries = _fitting(data)
    password = _password(folder, owner)
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, data, password, owner)
    port = ports.get("postgres")
    _configure(data, port, owner, durable=durable)
    url = f"postgresql://{SUPERUSER}:{password}@{LOOPBACK}:{port}/postgres"
    program = Program(
        name="postgres",
        command=(str(binaries.folder / "postgres"), "-D", str(data)),
        environment=_environment(),
        folder=folder,
        account=owner,
        ready=lambda: answers(url),
        stop=signal.SIGINT,  # "fast": sessions are ended, nothing is lost
        grace_s=20,
        server=True,
        lock=folder / "running",
    )
    return PrivatePostgres(program, url, binaries.major)


async def answers(url: str) -> None:
    """Return when the server takes a login; raises what asyncpg raises otherwise."""
    connection = await asyncpg.connect(url, timeout=2)
    await connection.close()


def _fitting(data: Path) -> Binaries:
    found = find()
    if not found:
        raise PostgresSetupError(f"no PostgreSQL server programs of version {OLDEST} or newer")
    version = data / "PG_VERSION"
    if not version.exists():
        return found[0]
    major = int(version.read_text(encoding="utf-8"))
    for item in found:
        if item.major == major:
            return item
    raise PostgresSetupError(
        f"{data} was made by PostgreSQL {major}, whose server programs are not installed"
    )


def _password(folder: Path, owner: Account) -> str:
    """Return the superuser's password, which lies beside the data so that both live and go together."""
    file = folder / "superuser.json"
    if not file.exists():
        file.write_text(json.dumps({"password": secrets.token_urlsafe(24)}), encoding="utf-8")
        owner.own(file, 0o600)
    known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return str(known["password"])


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _initialise(binaries: Binaries, data: Path, password: str, owner: Account) -> None:
    """Run initdb; a cluster that was left half made is thrown away first: it has never held anything."""
    shutil.rmtree(data, ignore_errors=True)
    pwfile = data.with_name("password")
    pwfile.write_text(password, encoding="utf-8")
    owner.own(pwfile, 0o600)
    command = [
        *(str(binaries.folder / "initdb"), "-D", str(data), "-U", SUPERUSER, "--pwfile", str(pwfile)),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync"),
    ]
    run = {"cwd": data.parent, "env": _environment(), "capture_output": True, "text": True, **_as(owner)}
    try:
        subprocess.run(command, check=True, **run)
    except subprocess.CalledProcessError as error:
        raise PostgresSetupError(f"initdb failed: {error.stderr.strip()}") from error
    finally:
        pwfile.unlink()


def _as(owner: Account) -> dict[str, Any]:
    if not owner.name:
        return {}
    user, group = owner.ids
    return {"user": user, "group": group, "extra_groups": []}


def _configure(data: Path, port: int, owner: Account, *, durable: bool) -> None:
    switch = "on" if durable else "off"
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",  # TCP only: no path that could be too long
        "max_connections": str(_CONNECTIONS),
        "shared_buffers": "128MB",
        "fsync": switch,
        "synchronous_commit": switch,
        "full_page_writes": switch,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%a %d ",
        "log_checkpoints": "off",
    }
    text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    file = data / "postgresql.conf"
    file.write_text(text, encoding="utf-8")
    owner.own(file, 0o600)
