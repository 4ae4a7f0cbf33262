"""PostgreSQL and RabbitMQ as containers for one test session, when a Docker engine answers."""

import asyncio
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from testcontainers.core.container import DockerContainer

POSTGRES_IMAGE = "postgres:15"
RABBITMQ_IMAGE = "rabbitmq:3.13"
_POSTGRES_PORT = 5432
_AMQP_PORT = 5672
_USER = "voronka"


@dataclass(frozen=True, slots=True)
class Container:
    """A container that runs, and the address of its server as the administrator."""

    running: DockerContainer
    url: str

    async def stop(self) -> None:
        """Remove it with its data."""
        await asyncio.to_thread(self.running.stop)

    async def new_vhost(self) -> str:
        """Make a virtual host in the broker and return its address; RuntimeError says what rabbitmqctl said."""
        name = f"test-{secrets.token_hex(4)}"
        for command in (["add_vhost", name], ["set_permissions", "-p", name, _USER, ".*", ".*", ".*"]):
            result = await asyncio.to_thread(self.running.exec, ["rabbitmqctl", "-q", *command])
            if result.exit_code:
                raise RuntimeError(result.output.decode(errors="replace").strip())
        return f"{self.url}{quote(name, safe='')}"


async def postgres() -> Container:
    """Start PostgreSQL without syncs to disk; it may not answer yet."""
    password = secrets.token_urlsafe(16)
    made = DockerContainer(
        POSTGRES_IMAGE,
        command="postgres -c fsync=off -c synchronous_commit=off -c max_connections=200",
        env={"POSTGRES_PASSWORD": password, "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C.UTF-8"},
        ports=[_POSTGRES_PORT],
    )
    place = await asyncio.to_thread(_started, made, _POSTGRES_PORT)
    return Container(made, f"postgresql://postgres:{password}@{place}/postgres")


async def rabbitmq() -> Container:
    """Start RabbitMQ; it may not answer yet."""
    password = secrets.token_urlsafe(16)
    made = DockerContainer(
        RABBITMQ_IMAGE,
        env={"RABBITMQ_DEFAULT_USER": _USER, "RABBITMQ_DEFAULT_PASS": password},
        ports=[_AMQP_PORT],
    )
    place = await asyncio.to_thread(_started, made, _AMQP_PORT)
    return Container(made, f"amqp://{_USER}:{password}@{place}/")


def _started(made: DockerContainer, port: int) -> str:
    made.start()
    return f"{made.get_container_host_ip()}:{made.get_exposed_port(port)}"
