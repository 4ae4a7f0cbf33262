"""Calls between units: errors keep their kind, and every call ends within its limit."""

import asyncio
import base64
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from shared.http.client import UnitClient
from shared.http.tokens import KeyRing, SigningKey
from shared.kernel.clock import utc_now
from shared.kernel.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    MissingError,
    StaleVersionError,
    UnauthorizedError,
    VoronkaError,
)
from shared.observability.tracing import new_traceparent, use_traceparent

SIGNER = SigningKey("gateway", base64.b64encode(secrets.token_bytes(32)).decode())
Answer = (
    Callable[[httpx2.Request], httpx2.Response]
    | Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]]
)


@asynccontextmanager
async def client(answer: Answer) -> AsyncIterator[UnitClient]:
    """Yield a client whose calls are answered by a function."""
    found = UnitClient("http://unit", SIGNER, within_s=0.2, transport=httpx2.MockTransport(answer))
    try:
        yield found
    finally:
        await found.close()


def problem(status: int, **body: Any) -> Answer:
    """Return the answer of a problem document."""
    return lambda _: httpx2.Response(status, json={"type": "urn:voronka:problem:some-slug", **body})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, MissingError),
        (409, ConflictError),
        (410, GoneError),
        (412, StaleVersionError),
        (422, InvalidError),
        (428, InvalidError),
        (500, BusyError),
        (503, BusyError),
    ],
)
async def test_a_problem_becomes_the_error_of_its_kind(status: int, kind: type[VoronkaError]) -> None:
    async with client(problem(status, detail="почему", current={"version": 2})) as unit:
        with pytest.raises(kind) as caught:
            await unit.get("/x")
    assert caught.value.detail == "почему"
    assert caught.value.slug == "some-slug"
    assert caught.value.extra["current"] == {"version": 2}


async def test_a_client_error_of_no_kind_of_ours_keeps_its_status() -> None:
    async with client(problem(428)) as unit:
        with pytest.raises(InvalidError) as caught:
            await unit.get("/x")
    assert caught.value.extra["status"] == 428


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500, text="<html>"),
        httpx2.Response(502, json=["a list"]),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(302, headers={"location": "/elsewhere"}),
    ],
    ids=["html", "list", "no json", "redirect"],
)
async def test_an_answer_that_is_no_document_of_ours_means_that_the_unit_is_away(
    answer: httpx2.Response,
) -> None:
    async with client(lambda _: answer) as unit:
        with pytest.raises(BusyError):
            await unit.get("/x")


async def test_a_refusal_without_a_document_keeps_its_kind() -> None:
    async with client(lambda _: httpx2.Response(404, text="nothing")) as unit:
        with pytest.raises(MissingError):
            await unit.get("/x")


async def test_an_empty_answer_is_none() -> None:
    async with client(lambda _: httpx2.Response(204)) as unit:
        assert await unit.request("DELETE", "/x") is None


async def test_nobody_there_means_busy() -> None:
    unit = UnitClient("http://127.0.0.1:1", SIGNER)
    with pytest.raises(BusyError):
        await unit.get("/x")
    await unit.close()


async def test_a_call_ends_within_its_limit() -> None:
    async def slow(_: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(5)
        return httpx2.Response(200)

    async with client(slow) as unit:
        started = time.monotonic()
        with pytest.raises(BusyError):
            await unit.get("/x")
        with pytest.raises(BusyError):
            await unit.request("GET", "/x", within_s=0.05)
    assert time.monotonic() - started < 1


async def test_an_answer_that_trickles_ends_within_the_limit_too() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        try:
            for _ in range(50):
                writer.write(b"1")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    unit = UnitClient(f"http://127.0.0.1:{port}", SIGNER, within_s=0.2)
    started = time.monotonic()
    with pytest.raises(BusyError):
        await unit.get("/x")
    assert time.monotonic() - started < 1
    await unit.close()
    server.close()


async def test_a_call_carries_the_units_own_token_and_the_trace() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"a": 1})

    traceparent = new_traceparent()
    async with client(answer) as unit:
        with use_traceparent(traceparent):
            assert await unit.get("/x", params={"q": "й"}) == {"a": 1}
        await unit.get("/y", token="theirs")
    ring = KeyRing.parse(f"gateway:{SIGNER.public}")
    own = seen[0].headers["authorization"].removeprefix("Bearer ")
    assert ring.verify(own, utc_now()).subject == "gateway"
    assert seen[0].headers["traceparent"] == traceparent
    assert seen[1].headers["authorization"] == "Bearer theirs"
