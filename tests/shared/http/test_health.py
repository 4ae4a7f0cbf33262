"""Health: alive while the loop turns, ready while everything that is needed answers."""

import asyncio

from shared.http import health
from tests.shared.http.asking import asked


async def good() -> None:
    """Answer."""


async def bad() -> None:
    """Fail."""
    raise ConnectionRefusedError("nobody there")


async def hanging() -> None:
    """Never answer."""
    await asyncio.Event().wait()


async def test_a_living_process_says_so_whatever_it_lacks() -> None:
    async with asked(checks={"database": bad}) as client:
        answer = await client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_process_is_ready_when_all_its_checks_pass() -> None:
    async with asked(checks={"database": good, "broker": good}) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": "ok", "broker": "ok"})


async def test_one_failed_check_makes_it_not_ready_and_is_named() -> None:
    async with asked(checks={"database": bad, "broker": good}) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ConnectionRefusedError: nobody there", "broker": "ok"}


async def test_a_check_that_hangs_is_a_failed_one(monkeypatch: object) -> None:
    del monkeypatch
    within, health._WITHIN_S = health._WITHIN_S, 0.05
    try:
        async with asked(checks={"database": hanging, "broker": hanging}) as client:
            answer = await client.get("/readyz")
    finally:
        health._WITHIN_S = within
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"].startswith("TimeoutError")


async def test_the_metrics_count_requests_by_route() -> None:
    async with asked() as client:
        await client.get("/livez")
        answer = await client.get("/metrics")
    assert 'voronka_http_seconds_count{method="GET",route="/livez",status="200"}' in answer.text
