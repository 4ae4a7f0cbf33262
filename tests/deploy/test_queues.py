"""`make queues` says of each queue what waits in it and how many consumers it has."""

import shlex
import subprocess
from pathlib import Path

import pytest
from aio_pika import Message

from deploy.local import queues
from shared.messaging import topology
from shared.messaging.connection import close, connect
from tests.servers import NewVhost

ROOT = Path(__file__).parent.parent.parent


async def test_each_queue_is_shown_with_its_messages_and_consumers(fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    connection = await connect(url, name="tests")
    said: list[str] = []
    try:
        channel = await connection.channel(publisher_confirms=True)
        item = Message(b"x")
        await channel.default_exchange.publish(item, "leads.intake")
        assert await queues.show(url, said.append) == 0
    finally:
        await close(connection)
    rows = {line.split()[0]: line.split()[1:] for line in said[1:]}
    assert rows["leads.intake"] == ["1", "0"]
    assert {queue.name for queue in topology.QUEUES} <= set(rows)
    assert topology.dead_queue("leads") in rows


async def test_a_queue_that_is_missing_is_said_to_be(fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    said: list[str] = []
    assert await queues.show(url, said.append) == 0
    assert all(line.endswith("there is no such queue") for line in said[1:])


def test_only_the_broker_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VORONKA_AMQP_URL", raising=False)
    assert queues.main([], tmp_path) == 1
    assert "(VORONKA_AMQP_URL)" in capsys.readouterr().err
    monkeypatch.setenv("VORONKA_AMQP_URL", "amqp://guest:guest@127.0.0.1:1/")
    assert queues.main([], tmp_path) == 1
    said = capsys.readouterr().err
    assert "the broker does not answer" in said
    assert "guest:guest" not in said


def test_the_line_of_the_makefile_calls_it() -> None:
    said = subprocess.run(
        ["make", "-n", "queues", "PYTHON=python"],  # noqa: S607 - the make of the machine
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shlex.split(said.stdout) == ["python", "-m", "deploy.local", "queues"]
