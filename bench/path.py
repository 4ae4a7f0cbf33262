"""`intake.path` and `naive.path`: hooks accepted and leads made at the same time, end to end."""

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from uuid import uuid4

import aio_pika
import asyncpg
import httpx2

from bench import broker, database, naive
from bench.backlog import FIRST_KNOWN
from bench.drain import CONTACTS
from bench.figures import Figure, middle
from bench.machine import ROOT, Machine
from bench.processes import program, signer, unit
from deploy import databases
from deploy.local.ports import free_port
from services.channels.service import SERVICE as CHANNELS
from shared.database.migrations import migrate
from shared.kernel.clock import utc_now

_ROUNDS = 3
_CONNECTIONS = 64
_POLL_S = 0.05
_PATIENCE_S = 300


async def path(machine: Machine, *, seconds: float) -> list[Figure]:
    """Measure both in turns, so that a drifting machine drifts under both."""
    products, peers, accepted = [], [], 0
    for turn in range(_ROUNDS):
        rate, count = await _product(machine, seconds / _ROUNDS, turn)
        products.append(rate)
        accepted += count
        peers.append((await _naive(machine, seconds / _ROUNDS, turn))[0])
    (value, spread), (peer, peer_spread) = middle(products), middle(peers)
    return [
        Figure("intake.path", value, "inquiries/s", peer, value / peer, accepted, spread),
        Figure("naive.path", peer, "inquiries/s", None, None, accepted, peer_spread),
    ]


async def _load(url: str, seconds: float, seed: int) -> dict[str, float]:
    """Post from a process of its own."""
    arguments = [url, str(seconds), str(_CONNECTIONS), str(seed)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    found: dict[str, float] = json.loads(output)
    if found["refused"]:
        raise RuntimeError(f"{found['refused']} posts were refused")
    return found


async def _until(url: str, statement: str, wanted: float) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while await connection.fetchval(statement) < wanted:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(_POLL_S)
    finally:
        await connection.close()


async def _timed(hook: str, url: str, statement: str, seconds: float, turn: int) -> tuple[float, int]:
    """Post, wait until all of it is stored and told; return the rate over the whole time and the number."""
    loop = asyncio.get_running_loop()
    before = loop.time()
    posted = await _load(hook, seconds, turn)
    preparing = loop.time() - before - posted["seconds"]
    await _until(url, statement, posted["accepted"])
    return posted["accepted"] / (loop.time() - before - preparing), int(posted["accepted"])


async def _product(machine: Machine, seconds: float, turn: int) -> tuple[float, int]:
    leads = await database.fresh(machine.postgres_url, contacts=CONTACTS)
    channels = databases.of_service("channels", {}, prefix="bench_")
    await databases.provision(machine.postgres_url, [channels])
    channels_url = channels.url(machine.postgres_url)
    if CHANNELS.database is not None:
        owner_url = channels.owner_url(machine.postgres_url)
        await migrate(owner_url, CHANNELS.database.versions, CHANNELS.database.metadata)
    await broker.clear(machine.amqp_url)
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(
            unit("services.channels", "all", "channels", machine.amqp_url, CHANNELS_DATABASE_URL=channels_url)
        )
        await stack.enter_async_context(
            unit("services.leads", "worker", "leads", machine.amqp_url, LEADS_DATABASE_URL=leads.url)
        )
        forms = await stack.enter_async_context(
            unit("connectors.forms", "all", "forms", machine.amqp_url, VORONKA_CHANNELS_URL=found.url)
        )
        key = await _channel(found.url)
        await _until(leads.url, "select count(*) from known_channels", 2)
        hook = f"{forms.url}/hooks/forms/{key}"
        statement = "select case when exists (select from outbox) then 0 else count(*) end from inquiries"
        return await _timed(hook, leads.url, statement, seconds, turn)


async def _channel(url: str) -> str:
    """Create a form of the role that takes leads in turn; return its key."""
    grants = {"channels.edit": "all", "channels.read": "all"}
    token = signer("staff").sign(f"employee:{uuid4()}", utc_now(), name="bench", grants=grants)
    body = {
        "kind": "form",
        "provider": "generic",
        "name": "Сайт",
        "responsible": {"type": "role", "id": str(database.ROLE)},
        "strategy": "round_robin",
    }
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as http:
        answer = await http.post("/api/v1/channels", json=body, headers={"Authorization": f"Bearer {token}"})
    return str(answer.raise_for_status().json()["key"])


async def _naive(machine: Machine, seconds: float, turn: int) -> tuple[float, int]:
    leads = await database.fresh(machine.postgres_url, contacts=1)
    await naive.prepare(leads.owner_url, contacts=CONTACTS, employees=20, first=FIRST_KNOWN)
    async with await aio_pika.connect(machine.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            "naive.intake", durable=True, arguments={"x-queue-type": "quorum"}
        )
        await queue.purge()
    port = free_port()
    worker = [sys.executable, "-m", "bench.naive", machine.amqp_url, leads.owner_url]
    edge = [
        *(sys.executable, "-m", "uvicorn", "--factory", "bench.naive_app:app", "--port", str(port)),
        *("--http", "httptools", "--log-level", "warning", "--no-access-log"),
    ]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(program(worker, os.environ, 0))
        env = {**os.environ, "NAIVE_AMQP_URL": machine.amqp_url}
        running = await stack.enter_async_context(program(edge, env, port))
        statement = "select count(*) from naive_inquiries"
        return await _timed(f"{running.url}/form", leads.owner_url, statement, seconds, turn)
