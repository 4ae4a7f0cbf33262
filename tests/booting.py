"""A declared unit in the test's own process: its real HTTP server and its real jobs on a free port."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

import httpx2
import uvicorn
from fastapi import FastAPI

from deploy.local.ports import LOOPBACK, free_port
from shared.runtime.declaration import Unit
from shared.runtime.process import Job, assemble
from shared.runtime.settings import UnitSettings, load
from tests.databases import TestDatabase
from tests.keys import TestKeys

_READY_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class Running:
    """A unit that is ready at `url`; `app` is its composed application."""

    url: str
    app: Any
    settings: UnitSettings
    http: FastAPI


class Boot(Protocol):
    """How the fixture `boot` is called."""

    def __call__(
        self,
        unit: Unit,
        *,
        database: TestDatabase | None = None,
        amqp_url: str = "",
        process: str = "all",
        settings: Mapping[str, str] | None = None,
    ) -> contextlib.AbstractAsyncContextManager[Running]:
        """Run the unit; without `amqp_url` the session's virtual host is used."""
        ...


class _Server(uvicorn.Server):
    """Uvicorn that leaves the signals to the test runner."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Take none."""
        yield


def settings_of(unit: Unit, environment: Mapping[str, str]) -> UnitSettings:
    """Read the unit's settings from this environment and no other."""
    with mock.patch.dict(os.environ, dict(environment), clear=True):
        return load(unit.settings)


def environment_of(
    unit: Unit, keys: TestKeys, *, amqp_url: str, files: Path, database: TestDatabase | None
) -> dict[str, str]:
    """Return the variables that the unit needs, with a free port of its own."""
    prefix = str(unit.settings.model_config.get("env_prefix", ""))
    values = {
        "VORONKA_AMQP_URL": amqp_url,
        "VORONKA_PUBLIC_KEYS": keys.ring,
        "VORONKA_SECRET_KEYS": keys.secrets,
        "VORONKA_FILES_URL": files.as_uri(),
        f"{prefix}SIGNING_KEY": keys.seed(unit.name),
        f"{prefix}HTTP_PORT": str(free_port()),
    }
    if database is not None:
        values[f"{prefix}DATABASE_URL"] = database.url
        values[f"{prefix}DATABASE_OWNER_URL"] = database.owner_url
    return values


@asynccontextmanager
async def running(unit: Unit, environment: Mapping[str, str], process: str) -> AsyncIterator[Running]:
    """Run the unit until the block ends; a job that failed meanwhile raises its error at the end."""
    settings = settings_of(unit, environment)
    async with assemble(unit, settings, process) as assembled:
        config = uvicorn.Config(
            assembled.app,
            host=LOOPBACK,
            port=settings.http_port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )
        server = _Server(config)
        async with _jobs(assembled.jobs), _serving(server):
            url = f"http://{LOOPBACK}:{settings.http_port}"
            await _ready(url)
            yield Running(url, assembled.app.state.app, settings, assembled.app)


async def _ready(url: str) -> None:
    said = ""
    async with httpx2.AsyncClient(base_url=url) as client:
        for _ in range(_READY_WITHIN_S * 20):
            answer = await client.get("/readyz")
            if answer.is_success:
                return
            said = answer.text
            await asyncio.sleep(0.05)
    raise TimeoutError(f"not ready within {_READY_WITHIN_S} s: {said}")


@asynccontextmanager
async def _serving(server: _Server) -> AsyncIterator[None]:
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
            raise RuntimeError("the HTTP server ended before it started")
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def _jobs(jobs: Mapping[str, Job]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(job()) for job in jobs.values()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
