"""A body that does not come to its end in time is 408, and its connection is closed; answers take what they take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse

from deploy.local.ports import LOOPBACK, free_port
from shared.http.app import create_app
from shared.http.tokens import KeyRing
from shared.runtime.process import serve
from tests.shared.waiting import eventually

WITHIN_S = 0.3

router = APIRouter()


@router.post("/raw")
async def raw(request: Request) -> int:
    """Count the bytes that came."""
    return len(await request.body())


@router.post("/json")
async def parsed(body: dict[str, str]) -> int:
    """Count the fields that came."""
    return len(body)


@router.post("/careless")
async def careless(request: Request) -> str:
    """Swallow whatever goes wrong with the body."""
    try:
        await request.body()
    except Exception:  # noqa: BLE001 - this is what careless code does
        return "fine"
    return "short"


@router.get("/stream")
async def stream() -> StreamingResponse:
    """Say three words, each after longer than a body may take."""

    async def words() -> AsyncIterator[str]:
        for word in ("one", "two", "three"):
            await asyncio.sleep(WITHIN_S * 1.3)
            yield word

    return StreamingResponse(words())


def application() -> FastAPI:
    """Return an application whose bodies have little time."""
    app = create_app("test", routers=[router], checks={}, keys=KeyRing({}), body_within_s=WITHIN_S)
    app.state.ending = asyncio.Event()
    return app


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """Serve the application and yield its port."""
    port = free_port()
    end = asyncio.Event()

    async def until_the_end() -> None:
        await end.wait()

    serving = asyncio.create_task(serve(application(), {"until": until_the_end}, host=LOOPBACK, port=port))
    await eventually(lambda: _listens(port))
    try:
        yield port
    finally:
        end.set()
        await asyncio.wait_for(serving, 5)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


def head(path: str, length: int) -> bytes:
    """Return the head of a request that declares a body."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("path", ["/raw", "/json", "/careless"])
async def test_one_byte_of_a_thousand_is_answered_408_and_the_connection_closed(path: str) -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(head(path, 1_000) + b"x")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b'"title":"too-slow"' in answer


async def test_a_byte_now_and_then_does_not_buy_more_time() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(head("/raw", 1_000))
        answering = asyncio.create_task(reader.readline())
        began = asyncio.get_running_loop().time()
        while not answering.done() and asyncio.get_running_loop().time() - began < 5:
            writer.write(b"x")
            await asyncio.sleep(WITHIN_S / 5)
        assert (await answering).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_body_in_pieces_within_the_time_is_taken() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(head("/raw", 20))
        for _ in range(2):
            writer.write(b"x" * 10)
            await asyncio.sleep(WITHIN_S / 5)
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 200 ")
        writer.close()


async def test_a_stream_lasts_longer_than_a_body_may() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"one" in answer
    assert b"three" in answer
    assert answer.endswith(b"0\r\n\r\n")
