"""A process takes so many connections and no more, and closes those that do not say what they want."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from deploy.local.ports import LOOPBACK, free_port
from shared.http.app import create_app
from shared.http.tokens import KeyRing
from shared.runtime.connections import PromptHeads
from shared.runtime.process import serve
from tests.shared.waiting import eventually

ALIVE = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
STREAM = b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
WITHIN_S = 0.3

router = APIRouter()


@router.get("/stream")
async def stream() -> StreamingResponse:
    """Say two words, the second after longer than a head may take."""

    async def words() -> AsyncIterator[str]:
        yield "one"
        await asyncio.sleep(WITHIN_S * 3)
        yield "two"

    return StreamingResponse(words())


@asynccontextmanager
async def served(most_connections: int | None = None) -> AsyncIterator[int]:
    """Serve the application and yield its port."""
    app = create_app("test", routers=[router], checks={}, keys=KeyRing({}))
    app.state.ending = asyncio.Event()
    port, end = free_port(), asyncio.Event()

    async def until_the_end() -> None:
        await end.wait()

    serving = asyncio.create_task(
        serve(app, {"until": until_the_end}, host=LOOPBACK, port=port, most_connections=most_connections)
    )
    await eventually(lambda: _alive(port))
    try:
        yield port
    finally:
        end.set()
        await asyncio.wait_for(serving, 5)


async def _alive(port: int) -> bool:
    try:
        return (await said(port, ALIVE + b"Connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


async def said(port: int, request: bytes) -> bytes:
    """Return all that is answered until the connection is closed."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


async def test_one_connection_too_many_is_answered_503_and_the_streams_go_on() -> None:
    async with served(most_connections=10) as port:
        streams = [asyncio.create_task(said(port, STREAM)) for _ in range(9)]
        await asyncio.sleep(WITHIN_S)
        refused = await said(port, ALIVE + b"\r\n")
        assert refused.startswith(b"HTTP/1.1 503 ")
        for answer in await asyncio.gather(*streams):
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"two" in answer
        assert await _alive(port)


@pytest.mark.parametrize("begun", [b"", ALIVE, ALIVE + b"\r\n" + ALIVE], ids=["nothing", "half", "second"])
async def test_a_head_that_does_not_come_closes_the_connection(
    monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(PromptHeads, "within_s", WITHIN_S)
    async with served() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        answering = asyncio.create_task(reader.read())
        writer.write(begun)
        began = asyncio.get_running_loop().time()
        while not answering.done() and asyncio.get_running_loop().time() - began < 3:
            if begun:
                writer.write(b"X: y\r\n")
            await asyncio.sleep(WITHIN_S / 5)
        assert answering.done()
        assert answering.exception() is not None or answering.result().count(b"HTTP/1.1 200 ") <= 1
        writer.close()


async def test_a_stream_outlasts_half_a_request_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PromptHeads, "within_s", WITHIN_S)
    async with served() as port:
        answer = await said(port, STREAM.replace(b"Connection: close\r\n", b"") + ALIVE)
    assert b"two" in answer
    assert answer.endswith(b"0\r\n\r\n")
