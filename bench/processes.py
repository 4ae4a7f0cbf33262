"""The product's own processes for a run, each as its users start it."""

import base64
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bench.machine import ROOT
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import Process, Program, at_once
from shared.http.tokens import SigningKey

UNITS = ("staff", "channels", "contacts", "leads", "gateway", "forms", "bench")
_TICKS = os.sysconf("SC_CLK_TCK")


def _seed(unit: str) -> str:
    return base64.b64encode(hashlib.sha256(f"bench {unit}".encode()).digest()).decode()


def signer(unit: str) -> SigningKey:
    """Return the key by which a unit of this run signs."""
    return SigningKey(unit, _seed(unit))


def environment(unit: str, amqp_url: str, port: int, **more: str) -> dict[str, str]:
    """Return what a unit is told."""
    prefix = unit.upper()
    given = {
        "VORONKA_AMQP_URL": amqp_url,
        "VORONKA_PUBLIC_KEYS": ",".join(f"{name}:{signer(name).public}" for name in UNITS),
        "VORONKA_SECRET_KEYS": f"bench:{_seed('secrets')}",
        "VORONKA_FILES_URL": (ROOT / ".local" / "bench" / "files").as_uri(),
        "VORONKA_LOG_LEVEL": "warning",
        f"{prefix}_SIGNING_KEY": _seed(unit),
        f"{prefix}_HTTP_PORT": str(port),
    }
    return {**os.environ, **given, **more}


@dataclass(frozen=True, slots=True)
class Running:
    """A process and its HTTP port."""

    process: Process
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"

    def cpu_s(self) -> float:
        """Return the CPU seconds that it has used; FileNotFoundError when it has ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def unit(module: str, process: str, name: str, amqp_url: str, **more: str) -> AsyncIterator[Running]:
    """Run `python -m <module> <process>` until the block ends; ready when its readiness says so."""
    port = free_port()
    env = environment(name, amqp_url, port, **more)
    async with program([sys.executable, "-m", module, process], env, port) as found:
        yield found


@asynccontextmanager
async def program(command: list[str], env: Mapping[str, str], port: int) -> AsyncIterator[Running]:
    """Run a program until the block ends; with a port it is waited for until it answers there."""

    async def ready() -> None:
        async with httpx2.AsyncClient(timeout=2, trust_env=False) as http:
            (await http.get(f"http://{LOOPBACK}:{port}/readyz")).raise_for_status()

    wanted = Program(
        command[2], tuple(command), env, ROOT, ready=ready if port else at_once, ready_within_s=30
    )
    process = Process(wanted, lambda line: print(line.decode("utf-8", "replace"), file=sys.stderr))
    try:
        await process.start()
        await process.wait_ready()
        yield Running(process, port)
    finally:
        await process.stop()
