"""`make queues` says of each queue what waits in it and how many consumers it has."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

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


def test_only_the_broker_is_needed(tmp_path: Path) -> None:
    call = (
        "import pathlib, sys; from deploy.local import queues; "
        f"sys.exit(queues.main([], pathlib.Path({str(tmp_path)!r})))"
    )
    for broker, expected in (
        ("", "(VORONKA_AMQP_URL)"),
        ("amqp://guest:secret@127.0.0.1:1/", "the broker does not answer"),
    ):
        process = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", call],
            cwd=ROOT,
            env={**os.environ, "VORONKA_AMQP_URL": broker},
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 1
        assert process.stderr.count("\n") == 1
        assert expected in process.stderr
        assert "secret" not in process.stderr


def test_the_line_of_the_makefile_calls_it() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "-n", "queues", "PYTHON=python"],  # noqa: S607 - the make of the machine
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shlex.split(said.stdout) == ["python", "-m", "deploy.local", "queues"]
