"""One trace id from end to end, by the rules of the W3C recommendation."""

import asyncio

import pytest
from fastapi import APIRouter

from shared.observability.tracing import (
    current_traceparent,
    new_traceparent,
    trace_id,
    use_traceparent,
    valid_traceparent,
)
from tests.shared.http.asking import asked

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
GOOD = f"00-{TRACE}-{PARENT}-01"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (GOOD, GOOD),
        (f" {GOOD} ", GOOD),
        (f"00-{TRACE}-{PARENT}-00", f"00-{TRACE}-{PARENT}-00"),
        (f"cc-{TRACE}-{PARENT}-01-what-the-future-brings", GOOD),
        (f"cc-{TRACE}-{PARENT}-01", GOOD),
    ],
)
def test_a_valid_traceparent_is_kept(given: str, kept: str) -> None:
    assert valid_traceparent(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "00",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01-extra",
        f"00-{TRACE}-{PARENT}-0",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"cc-{TRACE}-{PARENT}-01.what",
        "00-" + "x" * 500,
    ],
)
def test_an_invalid_traceparent_is_ignored(given: str) -> None:
    assert valid_traceparent(given) == ""


def test_a_fresh_traceparent_is_valid_and_sampled() -> None:
    fresh = new_traceparent()
    assert valid_traceparent(fresh) == fresh
    assert fresh.endswith("-01")
    assert fresh != new_traceparent()


def test_the_trace_ends_with_its_block() -> None:
    assert current_traceparent() == ""
    with use_traceparent(GOOD):
        assert trace_id() == TRACE
        with use_traceparent("garbage") as fresh:
            assert trace_id() == fresh[3:35] != TRACE
        assert trace_id() == TRACE
    assert trace_id() == ""


async def test_two_tasks_do_not_share_a_trace() -> None:
    seen: dict[str, str] = {}

    async def work(name: str) -> None:
        with use_traceparent("") as own:
            await asyncio.sleep(0)
            assert current_traceparent() == own
            seen[name] = trace_id()

    await asyncio.gather(work("a"), work("b"))
    assert seen["a"] != seen["b"]


router = APIRouter()


@router.get("/trace")
async def traced() -> str:
    """Say under which trace this runs."""
    return trace_id()


@pytest.mark.parametrize("header", ["", "garbage", "\u00b2", GOOD + "-x"])
async def test_a_request_without_a_good_trace_gets_a_fresh_one(header: str) -> None:
    async with asked(router) as client:
        answer = await client.get("/trace", headers=[(b"traceparent", header.encode("latin-1"))])
    assert len(answer.json()) == 32
    assert answer.json() != TRACE


async def test_a_request_keeps_the_trace_that_it_came_with() -> None:
    async with asked(router) as client:
        answer = await client.get("/trace", headers={"traceparent": GOOD})
    assert answer.json() == TRACE
