"""The spine, process by process: what was accepted is stored once, whoever dies on the way."""

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest

from connectors.forms.connector import CONNECTOR as FORMS
from services.channels.service import SERVICE as CHANNELS
from services.leads.service import SERVICE as LEADS
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.shared.waiting import eventually
from tests.system.processes import NewDatabase, System, system

PEOPLE, POSTS, AT_ONCE = 200, 2_000, 64


def spelled(person: int, way: int) -> str:
    """Return a phone in one of the four ways in which people write it."""
    digits = f"900{person:07}"
    return (
        f"+7{digits}",
        f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}",
        digits,
        f"8{digits}",
    )[way % 4]


async def channel(url: str, keys: TestKeys) -> dict[str, Any]:
    """Create a form; return it."""
    who = keys.employee(uuid4(), grants={"channels.edit": "all"})
    body = {"kind": "form", "provider": "generic", "name": "Сайт"}
    async with httpx2.AsyncClient(base_url=url) as http:
        found: dict[str, Any] = (await http.post("/api/v1/channels", json=body, headers=who)).json()
    return found


async def post_all(hook: str) -> list[UUID]:
    """Post everything at once from all people, again when a door was shut; return the inquiries accepted."""
    order = [(person, way) for person in range(PEOPLE) for way in range(POSTS // PEOPLE)]
    random.Random(7).shuffle(order)  # noqa: S311 - the same order in every run
    waiting = iter(order)
    accepted: list[UUID] = []

    async with httpx2.AsyncClient(timeout=20) as http:

        async def visitor() -> None:
            for person, way in waiting:
                headers = {"Idempotency-Key": f"{person}-{way}"}
                body = {"name": f"Клиент {person}", "phone": spelled(person, way), "comment": f"{way}"}
                answer = await http.post(hook, json=body, headers=headers)
                while answer.status_code == 503:
                    await asyncio.sleep(0.2)
                    answer = await http.post(hook, json=body, headers=headers)
                assert answer.status_code == 202, answer.text
                accepted.append(UUID(answer.json()["inquiry_id"]))

        await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    return accepted


async def _count(system_: System, statement: str) -> int:
    connection = await asyncpg.connect(system_.databases["leads"].url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


@pytest.mark.feature("B01")
@pytest.mark.feature("B14")
@pytest.mark.feature("S011")
@pytest.mark.feature("S046")
async def test_two_thousand_posts_from_two_hundred_people_survive_a_killed_worker(
    keys: TestKeys, fresh_vhost: NewVhost, database: NewDatabase, tmp_path: Path
) -> None:
    async with system(keys, await fresh_vhost(), tmp_path, database) as running:
        channels = await running.start(CHANNELS, "services.channels")
        first = await running.start(LEADS, "services.leads", "worker")
        await running.start(LEADS, "services.leads", "worker")
        forms = await running.start(FORMS, "connectors.forms")
        key = (await channel(channels.url, keys))["key"]

        async def kill() -> None:
            await eventually(lambda: _some_stored(running), within_s=30)
            os.kill(first.process.pid, signal.SIGKILL)

        accepted, _ = await asyncio.gather(post_all(f"{forms.url}/hooks/forms/{key}"), kill())
        assert len(set(accepted)) == POSTS

        async def stored() -> bool:
            return await _count(running, "select count(*) from inquiries") == POSTS

        await eventually(stored, within_s=60)
        await _all_is_as_it_should_be(running, set(accepted))


async def _some_stored(running: System) -> bool:
    return await _count(running, "select count(*) from inquiries") > POSTS // 10


async def _all_is_as_it_should_be(running: System, accepted: set[UUID]) -> None:
    connection = await asyncpg.connect(running.databases["leads"].url)
    try:
        rows = await connection.fetch("select id, lead_id from inquiries")
        assert {row["id"] for row in rows} == accepted
        per_lead = Counter(row["lead_id"] for row in rows)
        assert len(per_lead) == PEOPLE
        assert set(per_lead.values()) == {POSTS // PEOPLE}
        leads = await connection.fetch("select id, status, inquiries_count, phones from leads")
        assert {(row["status"], row["inquiries_count"]) for row in leads} == {("new", POSTS // PEOPLE)}
        assert len({row["phones"][0] for row in leads}) == PEOPLE
        assert not await connection.fetchval("select count(*) from dead_letters")

        async def told() -> bool:
            return not await connection.fetchval("select count(*) from outbox")

        await eventually(told, within_s=15)
    finally:
        await connection.close()
