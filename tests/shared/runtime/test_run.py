"""The command line of a unit, and a process that ends when one of its jobs does."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from deploy.local.ports import LOOPBACK, free_port
from services.channels.service import SERVICE
from services.staff.service import SERVICE as STAFF
from shared.http.app import create_app
from shared.http.tokens import KeyRing
from shared.runtime.declaration import Unit
from shared.runtime.process import assemble, serve
from shared.runtime.run import run
from tests.booting import environment_of, settings_of
from tests.databases import TestDatabase
from tests.keys import TestKeys
from tests.shared.waiting import eventually

Fresh = Callable[[Unit], Awaitable[TestDatabase]]


@pytest.mark.parametrize("arguments", [[], ["fly"], ["api", "worker"], ["--help"]])
def test_a_wrong_call_says_what_can_be_run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SERVICE, arguments) == 2
    assert capsys.readouterr().err == "usage: channels api | worker | all | migrate\n"


@pytest.mark.usefixtures("logs_restored")
def test_migrating_needs_the_owners_address(
    monkeypatch: pytest.MonkeyPatch, keys: TestKeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = TestDatabase("x", "postgresql://x@127.0.0.1:1/x", "")
    environment = environment_of(SERVICE, keys, amqp_url="amqp://x", files=tmp_path, database=wanted)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(SERVICE, ["migrate"]) == 2
    assert capsys.readouterr().err == "wrong setting CHANNELS_DATABASE_OWNER_URL: Field required\n"


def app() -> FastAPI:
    """Return an application without routes of its own."""
    found = create_app("test", routers=(), checks={}, keys=KeyRing({}))
    found.state.ending = asyncio.Event()
    return found


async def wait_for_ever() -> None:
    """Run until cancelled."""
    await asyncio.Event().wait()


async def fail() -> None:
    """Fail."""
    raise RuntimeError("broken")


async def end() -> None:
    """End, which no job may do."""


async def cancelled_from_inside() -> None:
    """Raise what a lost connection raises in what it had under way."""
    raise asyncio.CancelledError


@pytest.mark.parametrize("job", [fail, end, cancelled_from_inside])
async def test_a_job_that_is_over_ends_the_process_with_code_1(job: Callable[[], Awaitable[None]]) -> None:
    code = await asyncio.wait_for(
        serve(app(), {"good": wait_for_ever, "bad": job}, host=LOOPBACK, port=free_port()), 5
    )
    assert code == 1


async def test_a_signal_ends_the_process_with_code_0_and_all_its_jobs() -> None:
    ended: list[str] = []

    async def job() -> None:
        try:
            await wait_for_ever()
        finally:
            ended.append("job")

    port = free_port()
    serving = asyncio.create_task(serve(app(), {"job": job}, host=LOOPBACK, port=port))
    async with httpx2.AsyncClient() as client:
        await eventually(lambda: _answers(client, port))
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(serving, 5) == 0
    assert ended == ["job"]


@pytest.mark.parametrize(
    ("process", "jobs", "checks"),
    [
        ("api", set(), {"database"}),
        ("worker", {"relay"}, {"database", "broker"}),
        ("all", {"relay"}, {"database", "broker"}),
    ],
)
async def test_a_process_runs_what_its_kind_runs(
    database: Fresh,
    keys: TestKeys,
    amqp_url: str,
    tmp_path: Path,
    process: str,
    jobs: set[str],
    checks: set[str],
) -> None:
    environment = environment_of(
        STAFF, keys, amqp_url=amqp_url, files=tmp_path, database=await database(STAFF)
    )
    async with assemble(STAFF, settings_of(STAFF, environment), process) as assembled:
        assert set(assembled.jobs) == jobs
        assert set(assembled.checks) == checks


async def test_a_unit_stays_up_while_the_broker_is_away_and_says_so(
    database: Fresh, keys: TestKeys, tmp_path: Path
) -> None:
    environment = environment_of(
        SERVICE,
        keys,
        amqp_url="amqp://guest:guest@127.0.0.1:1/",
        files=tmp_path,
        database=await database(SERVICE),
    )
    settings = settings_of(SERVICE, environment)
    async with assemble(SERVICE, settings, "all") as assembled:
        serving = asyncio.create_task(
            serve(assembled.app, assembled.jobs, host=LOOPBACK, port=settings.http_port)
        )
        async with httpx2.AsyncClient(base_url=f"http://{LOOPBACK}:{settings.http_port}") as client:
            await eventually(lambda: _answers(client, settings.http_port))
            ready = await client.get("/readyz")
            body = {"kind": "form", "provider": "generic", "name": "Сайт"}
            headers = keys.employee(uuid4(), grants={"channels.edit": "all"})
            made = await client.post("/api/v1/channels", json=body, headers=headers)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(serving, 10) == 0
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "ok")
    assert made.status_code == 201


async def _answers(client: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://{LOOPBACK}:{port}/livez")).status_code == 200
    except httpx2.HTTPError:
        return False
