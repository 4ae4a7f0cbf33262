"""A body over the limit is 413, declared or growing, and the application does not see it whole."""

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, Request

from shared.http.middleware import BodyLimit, Message, Receive, Scope, Send, _RefusedBodyError
from tests.shared.http.asking import asked

LIMIT = 1024

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


async def pieces(count: int, size: int = 256) -> AsyncIterator[bytes]:
    """Send a body in pieces, without declaring its length."""
    for _ in range(count):
        yield b"x" * size


async def test_a_body_of_exactly_the_limit_passes() -> None:
    async with asked(router, body_limit=LIMIT) as client:
        assert (await client.post("/raw", content=b"x" * LIMIT)).json() == LIMIT
        assert (await client.post("/raw", content=pieces(4))).json() == LIMIT


async def test_a_declared_length_over_the_limit_is_refused() -> None:
    async with asked(router, body_limit=LIMIT) as client:
        answer = await client.post("/raw", content=b"x" * (LIMIT + 1))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "too-large"


@pytest.mark.parametrize("path", ["/raw", "/json", "/careless"])
async def test_a_body_that_grows_over_the_limit_is_refused(path: str) -> None:
    async with asked(router, body_limit=LIMIT) as client:
        answer = await client.post(path, content=pieces(5), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["title"] == "too-large"


@pytest.mark.parametrize("declared", [b"many", b"-1", b"9" * 5000])
async def test_a_length_that_is_no_number_is_refused(declared: bytes) -> None:
    sent: list[Message] = []
    scope: Scope = {"type": "http", "headers": [(b"content-length", declared)], "path": "/", "method": "POST"}

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("the application must not see it")

    async def receive() -> Message:
        raise AssertionError("nobody must read it")

    async def send(message: Message) -> None:
        sent.append(message)

    await BodyLimit(never, LIMIT)(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_an_answer_that_has_begun_breaks_off() -> None:
    sent: list[Message] = []

    async def begin(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await receive()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 600, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(_RefusedBodyError):
        await BodyLimit(begin, LIMIT)({"type": "http", "headers": []}, receive, send)
    assert [message["status"] for message in sent] == [200]
