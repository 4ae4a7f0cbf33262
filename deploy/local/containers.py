"""PostgreSQL and RabbitMQ as containers of our docker-compose.yml, when a Docker engine answers."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Sequence

from deploy.docker.variables import complete, read, write
from deploy.local.place import Place
from deploy.local.ports import LOOPBACK

_COMPOSE = "docker-compose.yml"
_PUBLISHED = "deploy/docker/servers.yml"
_ANSWER_S = 10.0


class ContainerError(Exception):
    """Docker could not bring the containers up; the message is what it said."""


def engine_answers() -> bool:
    """Say whether a Docker engine answers."""
    return shutil.which("docker") is not None and bool(
        _said("docker", "info", "--format", "{{.ServerVersion}}")
    )


def compose_answers() -> bool:
    """Say whether a Docker engine answers and its client knows compose."""
    return engine_answers() and bool(_said("docker", "compose", "version", "--short"))


def _said(*command: str) -> str:
    """Return what the command wrote, or nothing when it failed or was slow."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_ANSWER_S, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


class Containers:
    """The two services of one clone, published at the loopback address on ports of its own."""

    def __init__(self, place: Place, project: str) -> None:
        self._place = place
        self._project = project
        self._file = place.local / "containers.env"
        self._values: dict[str, str] = {}

    def prepare(self) -> None:
        """Choose the ports: those of running containers of an earlier start, else free ones."""
        ports = self._place.ports
        self._values = complete(read(self._file))
        write(self._file, self._values)
        known = self._published()
        for service in ("postgres", "rabbitmq"):
            port = known.get(service) or ports.get(f"docker-{service}")
            self._values[f"{service.upper()}_PORT"] = str(port)
        write(self._file, self._values)

    @property
    def postgres_url(self) -> str:
        """A superuser's address."""
        password, port = self._values["POSTGRES_PASSWORD"], self._values["POSTGRES_PORT"]
        return f"postgresql://postgres:{password}@{LOOPBACK}:{port}/postgres"

    @property
    def amqp_url(self) -> str:
        """The broker's address."""
        return (
            f"amqp://voronka:{self._values['RABBITMQ_PASSWORD']}@{LOOPBACK}:{self._values['RABBITMQ_PORT']}/"
        )

    def _published(self) -> dict[str, int]:
        listed = _said(*self._command("ps", "--format", "json"))
        found: dict[str, int] = {}
        for line in listed.splitlines():
            row = json.loads(line)
            for publisher in row.get("Publishers") or []:
                if publisher.get("PublishedPort"):
                    found[row["Service"]] = int(publisher["PublishedPort"])
        return found

    async def up(self, services: Sequence[str]) -> None:
        """Start the services; ContainerError with Docker's words if that fails."""
        await self._run("up", "--detach", *services)

    async def stop(self) -> None:
        """Stop them; their volumes keep the data."""
        await self._run("stop")

    def _command(self, *arguments: str) -> list[str]:
        files = ["-f", _COMPOSE, "-f", _PUBLISHED]
        return [
            *(
                "docker",
                "compose",
                "--project-name",
                self._project,
                "--project-directory",
                str(self._place.root),
            ),
            *("--env-file", str(self._file), *files, *arguments),
        ]

    async def _run(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command(*arguments),
            cwd=self._place.root,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise ContainerError(
                f"docker compose {arguments[0]}: {said.decode(errors='replace').strip()[-500:]}"
            )
