"""Waiting for what comes up, and for what still ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local import probe
from deploy.local.locks import Lock, StillHeldError, wait_free
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.processes import NotReadyError, until


class Server:
    """Something that is away at first."""

    def __init__(self, *, away: int, error: type[Exception] = ConnectionError) -> None:
        self.asked = 0
        self._away = away
        self._error = error

    async def answer(self) -> None:
        """Raise as long as it is away."""
        self.asked += 1
        if self.asked <= self._away:
            raise self._error("it is away")


async def test_a_server_is_asked_until_it_answers() -> None:
    server = Server(away=2)
    await until(server.answer, within_s=5)
    assert server.asked == 3


async def test_the_last_reason_is_told_when_the_time_is_over() -> None:
    with pytest.raises(NotReadyError, match="it is away"):
        await until(Server(away=1000).answer, within_s=0.4)


async def test_a_hopeless_answer_ends_the_wait_at_once() -> None:
    server = Server(away=1000, error=PermissionError)
    with pytest.raises(NotReadyError, match="it is away"):
        await until(server.answer, within_s=30, hopeless=(PermissionError,))
    assert server.asked == 1


async def test_a_lock_that_is_given_back_ends_the_wait(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "running")
    assert lock.take()
    assert not Lock(tmp_path / "running").take()
    waiting = asyncio.create_task(wait_free(tmp_path / "running", within_s=5))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    lock.release()
    await waiting
    assert Lock(tmp_path / "running").take()


async def test_a_lock_that_stays_taken_is_an_error(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "running")
    assert lock.take()
    with pytest.raises(StillHeldError):
        await wait_free(tmp_path / "running", within_s=0.2)
    lock.release()


@pytest.fixture
async def unit() -> AsyncIterator[tuple[int, list[bytes]]]:
    """Yield a port, and the status lines that are answered there one after the other."""
    statuses: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b"GET /readyz HTTP/1.1\r\n"
        writer.write(b"HTTP/1.1 " + statuses.pop(0) + b"\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    port = free_port()
    async with await asyncio.start_server(answer, LOOPBACK, port):
        yield port, statuses


async def test_a_unit_is_ready_when_readyz_says_so(unit: tuple[int, list[bytes]]) -> None:
    port, statuses = unit
    statuses += [b"503 Service Unavailable", b"200 OK"]
    with pytest.raises(ConnectionError):
        await probe.ready(port)
    await probe.ready(port)
    assert statuses == []
