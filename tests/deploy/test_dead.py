"""`make dead` works on the databases and the broker themselves, while no unit runs."""

import asyncio
import os
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local import dead, operator
from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.units import with_database
from services.channels.service import SERVICE as CHANNELS
from services.leads.service import SERVICE as LEADS
from shared.database.engine import open_engine
from shared.kernel.errors import VoronkaError
from shared.messaging.connection import close, connect
from shared.messaging.dead_letter_desk import DeadLetterMissingError
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.publisher import PublishFailedError
from shared.runtime.declaration import Unit
from tests.databases import TestDatabase
from tests.servers import NewVhost

QUEUE = "leads.contacts.contact-changed.v1"
TOPIC = "contacts.contact-changed.v1"
ROOT = Path(__file__).parent.parent.parent
REASON = """it's "so" $HOME `x`"""
LETTERS = dead_letters_table(MetaData())


@pytest.fixture(scope="module")
async def addresses(database: Callable[[Unit], Awaitable[TestDatabase]], fresh_vhost: NewVhost) -> Addresses:
    """Return the addresses of two units' databases and a broker with the topology."""
    urls = {unit.name: (await database(unit)).url for unit in (CHANNELS, LEADS)}
    url = await fresh_vhost()
    await close(await connect(url, name="tests"))
    return Addresses(urls, url)


@pytest.fixture
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    """Yield the engine of leads, whose dead letters are none."""
    found = open_engine(addresses.databases["leads"], name="tests")
    async with found.begin() as connection:
        await connection.execute(LETTERS.delete())
    yield found
    await found.dispose()


async def bury(engine: AsyncEngine, **changes: Any) -> UUID:
    """Put a dead letter into the table and return its id."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "queue": QUEUE,
        "topic": TOPIC,
        "message_id": uuid4(),
        "reason": "KeyError at services.leads.x:1",
        "attempts": 5,
        "history": {"headers": {"x-attempt": 5}, "deaths": [], "acts": []},
        "body": '{"data": {"name": "Фёдор"}}'.encode(),
    }
    row = {**values, **changes}
    async with engine.begin() as connection:
        await connection.execute(LETTERS.insert().values(**row))
    found: UUID = row["id"]
    return found


async def said(addresses: Addresses, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of a call."""
    lines: list[str] = []
    code = await dead.work(dead.parse(arguments), addresses, lines.append)
    return code, "\n".join(lines)


async def waiting(addresses: Addresses) -> int:
    """Return how many messages wait in the queue, and take them out of it."""
    connection = await connect(addresses.amqp_url, name="tests")
    try:
        channel = await connection.channel()
        queue = await channel.get_queue(QUEUE, ensure=False)
        return (await queue.purge()).message_count or 0
    finally:
        await close(connection)


@pytest.mark.feature("B27")
async def test_dead_letters_of_all_units_are_listed(addresses: Addresses, engine: AsyncEngine) -> None:
    assert await said(addresses, "list") == (0, "no dead letters")
    letter = await bury(engine)
    code, text = await said(addresses, "list")
    assert code == 0
    assert text.startswith(f"leads: 1\n  {letter}  ")
    assert "after 5 retries: KeyError at services.leads.x:1" in text
    assert "Фёдор" not in text
    assert (await said(addresses, "list", "--unit", "channels"))[1] == "no dead letters"
    assert (await said(addresses, "list", "--queue", "leads.intake"))[1] == "no dead letters"
    assert (await said(addresses, "list", "--topic", TOPIC))[1] == text


async def test_a_letter_is_shown_whole(addresses: Addresses, engine: AsyncEngine) -> None:
    letter = await bury(engine)
    code, text = await said(addresses, "show", str(letter))
    assert code == 0
    for part in (str(letter), QUEUE, '"name": "Фёдор"', '"x-attempt": 5', "unit         leads"):
        assert part in text


@pytest.mark.feature("B27")
async def test_one_letter_is_replayed_to_its_queue(addresses: Addresses, engine: AsyncEngine) -> None:
    letter = await bury(engine)
    assert await said(addresses, "replay", str(letter)) == (0, f"leads: replayed to {QUEUE}")
    assert await waiting(addresses) == 1
    assert "replayed by " in (await said(addresses, "show", str(letter)))[1]
    assert (await said(addresses, "list"))[1] == "no dead letters"


async def test_all_letters_are_replayed_but_those_whose_queue_is_gone(
    addresses: Addresses, engine: AsyncEngine
) -> None:
    for _ in range(3):
        await bury(engine)
    assert await said(addresses, "replay", "--all", "--unit", "leads") == (0, "leads: 3 replayed")
    assert await waiting(addresses) == 3
    await bury(engine, queue="leads.old")
    code, text = await said(addresses, "replay", "--all", "--unit", "leads")
    assert (code, text) == (1, "leads: 0 replayed, 1 left: 1 of them have no queue any more")


async def test_a_letter_is_dropped_with_its_reason(addresses: Addresses, engine: AsyncEngine) -> None:
    letter = await bury(engine)
    assert await said(addresses, "drop", str(letter), "--reason", "of no use") == (0, "leads: dropped")
    text = (await said(addresses, "show", str(letter)))[1]
    assert ": of no use" in text
    assert "Фёдор" not in text


async def test_the_letters_of_a_queue_are_dropped_with_one_reason(
    addresses: Addresses, engine: AsyncEngine
) -> None:
    kept = await bury(engine)
    for _ in range(2):
        await bury(engine, queue="leads.old")
    call = ("drop", "--unit", "leads", "--queue", "leads.old", "--reason", "that release is gone")
    assert await said(addresses, *call) == (0, "leads: 2 dropped")
    code, text = await said(addresses, "list")
    assert (code, text.startswith(f"leads: 1\n  {kept}")) == (0, True)


async def test_letters_that_are_not_shown_are_counted(addresses: Addresses, engine: AsyncEngine) -> None:
    for _ in range(3):
        await bury(engine)
    _, text = await said(addresses, "list", "--most", "2")
    assert text.startswith("leads: 3\n")
    assert text.splitlines()[-1] == "  and 1 older: make dead most=3"
    assert "older" not in (await said(addresses, "list", "--most", "3"))[1]


async def test_a_database_that_is_away_is_named_and_hides_nothing_of_the_others(
    addresses: Addresses, engine: AsyncEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = await bury(engine)
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    some = Addresses({"channels": away, "leads": addresses.databases["leads"]}, addresses.amqp_url)
    code, text = await said(some, "list")
    assert (code, str(letter) in text) == (1, True)
    assert capsys.readouterr().err.startswith("channels: its database does not answer (")
    assert (await said(some, "show", str(letter)))[0] == 0
    with pytest.raises(dead.DatabaseAwayError, match=r"^channels: "):
        await said(some, "show", str(UUID(int=1)))
    assert await said(some, "replay", "--all") == (1, "leads: 1 replayed")
    assert await waiting(addresses) == 1


async def test_what_is_not_there_and_a_broker_that_is_away_are_said(
    addresses: Addresses, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeadLetterMissingError):
        await said(addresses, "show", str(UUID(int=1)))
    monkeypatch.setattr(operator, "_BROKER_WITHIN_S", 0.1)
    letter = await bury(engine)
    away = Addresses(addresses.databases, "amqp://guest:guest@127.0.0.1:1/")
    with pytest.raises(PublishFailedError):
        await said(away, "replay", str(letter))
    assert issubclass(PublishFailedError, VoronkaError)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["show"],
        ["show", "7"],
        ["replay"],
        ["drop", str(UUID(int=1))],
        ["drop", "--reason", "why"],
        ["drop", "--unit", "leads", "--reason", "why"],
        ["drop", str(UUID(int=1)), "--queue", "leads.old", "--reason", "why"],
        ["list", "--unit", "fax"],
    ],
)
def test_a_wrong_call_says_how_it_is_called(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        dead.parse(arguments)
    assert ended.value.code == 2
    assert "usage: dead" in capsys.readouterr().err


def test_addresses_are_kept_closed_and_the_environment_wins(tmp_path: Path) -> None:
    with pytest.raises(NotKnownError, match=r"make run.*LEADS_DATABASE_URL"):
        Addresses.load(tmp_path, {"VORONKA_AMQP_URL": "amqp://a"}).of_databases()
    kept = Addresses({"leads": "postgresql://a", "staff": "postgresql://b"}, "amqp://a")
    kept.save(tmp_path)
    assert (tmp_path / "addresses.json").stat().st_mode & 0o777 == 0o600
    assert Addresses.load(tmp_path, {}) == kept
    given = {"LEADS_DATABASE_URL": "postgresql://c", "VORONKA_AMQP_URL": "amqp://b"}
    found = Addresses.load(tmp_path, given)
    assert found == Addresses({"leads": "postgresql://c", "staff": "postgresql://b"}, "amqp://b")
    assert "postgresql" not in repr(kept)


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ([], ["list"]),
        (["unit=leads", "queue=q", "topic=t"], ["list", "--unit", "leads", "--queue", "q", "--topic", "t"]),
        (["do=show", "id=7"], ["show", "7"]),
        (["do=replay", "id=7"], ["replay", "7"]),
        (["do=replay", "all=1", "unit=leads"], ["replay", "--all", "--unit", "leads"]),
        (["most=200"], ["list", "--most", "200"]),
        (["do=drop", "id=7", "reason=of no use"], ["drop", "7", "--reason", "of no use"]),
        (["do=drop", "queue=q", f"reason={REASON}"], ["drop", "--queue", "q", "--reason", REASON]),
    ],
)
def test_the_line_of_the_makefile_passes_everything_on(given: list[str], called: list[str]) -> None:
    found = subprocess.run(  # noqa: S603 - our own Makefile, which only says what it would do
        ["make", "--no-print-directory", "-n", "dead", "PYTHON=python", *given],  # noqa: S607 - the make of the machine
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shlex.split(found.stdout) == ["python", "-m", "deploy.local", "dead", *called]


async def test_the_command_line_ends_with_what_it_found(addresses: Addresses, engine: AsyncEngine) -> None:
    letter = await bury(engine)
    some = addresses.databases["channels"]  # also for those of which this clone may know an earlier run's
    given = {f"{unit.upper()}_DATABASE_URL": addresses.databases.get(unit, some) for unit in with_database()}
    for arguments, code, shown in (
        (["list"], 0, str(letter)),
        (["show", str(UUID(int=1))], 1, "There is no such dead letter."),
        (["fly"], 2, "usage: dead"),
    ):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.local.commands", "dead", *arguments),
            cwd=ROOT,
            env={**os.environ, **given, "VORONKA_AMQP_URL": addresses.amqp_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said_all, _ = await process.communicate()
        assert (process.returncode, shown in said_all.decode()) == (code, True), said_all.decode()
