"""All connectors in one process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from connectors.forms.connector import CONNECTOR as FORMS
from connectors.mounting import CONNECTORS, run_all
from deploy.local.ports import free_port
from shared.runtime.together import prefixes
from tests.booting import environment_of
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.shared.waiting import eventually

ROOT = Path(__file__).parent.parent.parent


@asynccontextmanager
async def started(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m connectors` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "connectors",
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def environment(keys: TestKeys, amqp_url: str, folder: Path) -> dict[str, str]:
    return {
        **environment_of(FORMS, keys, amqp_url=amqp_url, files=folder, database=None),
        "VORONKA_CHANNELS_URL": f"http://127.0.0.1:{free_port()}",
        "VORONKA_HOOKS_PORT": str(free_port()),
    }


@pytest.mark.feature("S046")
async def test_one_process_answers_for_all_and_ends_at_once_when_told(
    keys: TestKeys, fresh_vhost: NewVhost, tmp_path: Path
) -> None:
    given = environment(keys, await fresh_vhost(), tmp_path)
    url = f"http://127.0.0.1:{given['VORONKA_HOOKS_PORT']}"
    async with started(given) as process, httpx2.AsyncClient(base_url=url, trust_env=False) as http:

        async def ready() -> bool:
            try:
                return (await http.get("/readyz")).status_code == 200
            except httpx2.HTTPError:
                return False

        assert await eventually(ready, within_s=30)
        assert (await http.get("/readyz")).json()["checks"] == {"forms.broker": "ok"}
        assert (await http.get("/livez")).status_code == 200
        posted = await http.post("/hooks/forms/some-key-of-a-form", json={"name": "Пётр"})
        assert posted.status_code == 503
        assert posted.json()["type"] == "urn:voronka:problem:channels-away"
        elsewhere = await http.get("/hooks/elsewhere")
        assert elsewhere.status_code == 404
        assert elsewhere.headers["content-type"] == "application/problem+json"
        assert 'route="/hooks/forms/{key}"' in (await http.get("/metrics")).text
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 8) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VORONKA_HOOKS_PORT", "http"),
        ("VORONKA_CHANNELS_URL", ""),
        ("VORONKA_TRUSTED_PROXIES", "nonsense"),
        ("VORONKA_FILES_URL", "/a/folder"),
        ("FORMS_POSTS_PER_MINUTE", "0"),
        ("FORMS_SIGNING_KEY", None),
    ],
)
async def test_a_wrong_setting_is_one_line_that_names_the_variable(
    keys: TestKeys, tmp_path: Path, name: str, value: str | None
) -> None:
    given = environment(keys, "amqp://nobody@127.0.0.1:1/", tmp_path)
    changed = {key: item for key, item in {**given, name: value}.items() if item is not None}
    async with started(changed) as process:
        _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    lines = said.decode().splitlines()
    assert len(lines) == 1
    assert name in lines[0]


def test_it_takes_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_all(["all"]) == 2
    assert capsys.readouterr().err == "usage: python -m connectors\n"


def test_no_two_connectors_share_an_address() -> None:
    found = [prefix for unit in CONNECTORS for prefix in prefixes(unit)]
    assert found
    assert not any(a.startswith(b) for i, a in enumerate(found) for j, b in enumerate(found) if i != j)
