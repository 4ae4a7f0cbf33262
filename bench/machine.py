"""The servers of a run: given by the environment, else private ones, with all their durability on."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import postgres, rabbitmq
from deploy.local.accounts import server_folder
from deploy.local.logs import LogFile
from deploy.local.ports import Ports
from deploy.local.processes import Process, Program

ROOT = Path(__file__).parent.parent
_FOLDER = ROOT / ".local" / "bench"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where PostgreSQL (as a superuser) and RabbitMQ are."""

    postgres_url: str
    amqp_url: str


@asynccontextmanager
async def machine() -> AsyncIterator[Machine]:
    """Yield servers; `VORONKA_BENCH_POSTGRES_URL` and `VORONKA_BENCH_AMQP_URL` name some that run already."""
    async with AsyncExitStack() as stack:
        postgres_url = os.environ.get("VORONKA_BENCH_POSTGRES_URL") or await _postgres(stack)
        amqp_url = os.environ.get("VORONKA_BENCH_AMQP_URL") or await _rabbitmq(stack)
        yield Machine(postgres_url, amqp_url)


async def _postgres(stack: AsyncExitStack) -> str:
    folder = server_folder(_FOLDER, f"bench {_FOLDER}") / "postgres"
    private = await postgres.prepare(folder, Ports(_FOLDER / "ports.json"), durable=True)
    await _run(stack, private.program)
    return private.url


async def _rabbitmq(stack: AsyncExitStack) -> str:
    folder = server_folder(_FOLDER, f"bench {_FOLDER}") / "rabbitmq"
    name = f"bench-{secrets.token_hex(4)}"
    private = await rabbitmq.prepare(folder, Ports(_FOLDER / "ports.json"), name=name, memory="2GB")
    await _run(stack, private.mapper)
    await _run(stack, private.program)
    return private.url


async def _run(stack: AsyncExitStack, program: Program) -> None:
    log = LogFile(_FOLDER / "logs" / f"{program.name}.log")
    process = Process(program, log.write)
    stack.callback(log.close)
    stack.push_async_callback(process.stop)
    await process.start()
    await process.wait_ready()
    await asyncio.sleep(0)
