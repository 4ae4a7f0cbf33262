"""`make spool`: what lies on disk is shown, taken in from elsewhere, and brought to the broker."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local import spool
from deploy.local.addresses import Addresses, NotKnownError
from shared.contracts.inquiries import InquiryReceived
from shared.messaging import topology
from shared.messaging.connection import close, connect
from shared.messaging.spool_file import Spooled, SpoolFile, SpoolTakenError, peek
from tests.connectors.forms.intake import QUEUE
from tests.servers import NewVhost

ROOT = Path(__file__).parent.parent.parent


def fill(path: Path, count: int) -> list[str]:
    """Leave a spool with messages for intake behind and return their ids."""
    names = [str(uuid4()) for _ in range(count)]
    with SpoolFile(path) as left:
        left.add([Spooled(topology.INQUIRIES, InquiryReceived.topic, name, b"{}") for name in names])
    return names


def test_each_spool_is_shown_with_what_lies_in_it_and_who_holds_it(tmp_path: Path) -> None:
    fill(tmp_path / "forms.0.spool", 3)
    said: list[str] = []
    with SpoolFile(tmp_path / "forms.1.spool"):
        assert spool.show(tmp_path, said.append) == 0
    first, second = said
    assert first.startswith("forms.0.spool  3 messages, 6 bytes, oldest 0 s")
    assert first.endswith("(held by nobody)")
    assert second == "forms.1.spool  0 messages, 0 bytes  (held by its process)"


def test_a_folder_without_spools_is_said_to_be_one(tmp_path: Path) -> None:
    said: list[str] = []
    assert spool.show(tmp_path, said.append) == 0
    assert said == ["no spools"]


def test_a_spool_of_another_machine_is_taken_in_beside_what_is_here(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    elsewhere.mkdir()
    own = fill(folder / "forms.0.spool", 1)
    foreign = fill(elsewhere / "forms.0.spool", 2)
    assert spool.take_in(elsewhere / "forms.0.spool", folder, lambda _: None) == 0
    for name, expected in (("forms.0.spool", own), ("forms.1.spool", foreign)):
        with SpoolFile(folder / name) as found:
            assert [item.message_id for _, item in found.oldest(10)] == expected
    assert not (elsewhere / "forms.0.spool").exists()


def test_what_was_put_aside_as_damaged_stays_where_it_is(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    elsewhere.mkdir()
    damaged = folder / "forms.0.spool.damaged-1"
    damaged.write_bytes(b"accepted once")
    fill(elsewhere / "forms.7.spool", 2)
    assert spool.take_in(elsewhere / "forms.7.spool", folder, lambda _: None) == 0
    assert damaged.read_bytes() == b"accepted once"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["forms.0.spool", "junk.txt", "fax.0.spool", "forms.spool"])
def test_what_is_no_spool_is_not_taken_in(tmp_path: Path, name: str) -> None:
    folder, file = tmp_path / "here", tmp_path / name
    folder.mkdir()
    if name != "forms.0.spool":
        file.write_text("junk")
    with pytest.raises(spool.NoSpoolError, match=re.escape(str(file))):
        spool.take_in(file, folder, lambda _: None)
    assert not (tmp_path / f"{name}.lock").exists()
    assert list(folder.iterdir()) == []


def test_what_lies_in_the_folder_already_stays_there(tmp_path: Path) -> None:
    fill(tmp_path / "forms.0.spool", 1)
    with pytest.raises(spool.NoSpoolError, match="already"):
        spool.take_in(tmp_path / "forms.0.spool", tmp_path, lambda _: None)
    assert peek(tmp_path / "forms.0.spool").messages == 1


def test_a_long_spool_is_taken_in_whole_and_in_order_and_says_what_comes_next(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    elsewhere.mkdir()
    names = fill(elsewhere / "forms.3.spool", 1_100)
    said: list[str] = []
    assert spool.take_in(elsewhere / "forms.3.spool", folder, said.append) == 0
    assert said == [
        "forms.3.spool is forms.0.spool now: 1100 messages; `make spool do=drain` brings them to the broker"
    ]
    with SpoolFile(folder / "forms.0.spool") as found:
        assert [item.message_id for _, item in found.oldest(2_000)] == names
    assert list(elsewhere.iterdir()) == []


def ask(*arguments: str, **given: str) -> tuple[int, str]:
    """Return the exit code of the command line and all that it said."""
    found = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "deploy.local.commands", "spool", *arguments],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.returncode, found.stdout + found.stderr


def test_the_folder_is_the_one_that_is_named_else_the_one_that_the_unit_is_told(tmp_path: Path) -> None:
    fill(tmp_path / "forms.0.spool", 1)
    assert ask("--folder", str(tmp_path), "show")[0] == 0
    code, text = ask("show", FORMS_SPOOL_DIR=str(tmp_path))
    assert (code, text.startswith("forms.0.spool  1 messages")) == (0, True)
    assert ask("--folder", f"{tmp_path}/none", "show") == (1, f"there is no folder {tmp_path}/none\n")


def test_nothing_of_a_database_is_needed_to_empty_a_spool(tmp_path: Path) -> None:
    with pytest.raises(NotKnownError, match=r"\(VORONKA_AMQP_URL\)"):
        Addresses.load(tmp_path, {}).broker()
    assert Addresses.load(tmp_path, {"VORONKA_AMQP_URL": "amqp://a"}).broker() == "amqp://a"


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ([], ["show"]),
        (["do=drain"], ["drain"]),
        (["do=adopt forms.0.spool"], ["adopt", "forms.0.spool"]),
        (["do=adopt", "file=/a b/forms.0.spool"], ["adopt", "/a b/forms.0.spool"]),
        (["folder=/of another/clone"], ["--folder", "/of another/clone", "show"]),
    ],
)
def test_the_line_of_the_makefile_says_what_is_to_be_done(given: list[str], called: list[str]) -> None:
    said = subprocess.run(  # noqa: S603 - our own Makefile, which only says what it would do
        ["make", "--no-print-directory", "-n", "spool", "PYTHON=python", *given],  # noqa: S607 - the make of the machine
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shlex.split(said.stdout.strip().removeprefix("@"))[3:] == ["spool", *called]


def test_a_spool_that_a_process_holds_is_not_taken_from_it(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with SpoolFile(tmp_path / "forms.0.spool"), pytest.raises(SpoolTakenError):
        spool.take_in(tmp_path / "forms.0.spool", folder, lambda _: None)


@pytest.mark.feature("B01")
@pytest.mark.feature("B27")
async def test_what_nobody_holds_is_brought_to_the_broker(tmp_path: Path, fresh_vhost: NewVhost) -> None:
    url = await fresh_vhost()
    connection = await connect(url, name="tests")
    names = fill(tmp_path / "forms.0.spool", 3)
    fill(tmp_path / "forms.1.spool", 1)
    said: list[str] = []
    with SpoolFile(tmp_path / "forms.1.spool"):
        assert await spool.drain(tmp_path, url, said.append) == 0
    assert said == [
        "forms.0.spool: 3 brought to the broker, 0 left",
        "forms.1.spool: its process holds it and brings it by itself",
    ]
    queue = await (await connection.channel()).get_queue(QUEUE, ensure=False)
    brought = [await queue.get(no_ack=True) for _ in range(3)]
    await close(connection)
    assert {item.message_id for item in brought if item} == set(names)


async def test_without_a_broker_nothing_is_taken_out_and_the_call_fails(tmp_path: Path) -> None:
    fill(tmp_path / "forms.0.spool", 2)
    said: list[str] = []
    assert await spool.drain(tmp_path, "amqp://127.0.0.1:9/", said.append) == 1
    with SpoolFile(tmp_path / "forms.0.spool") as kept:
        assert kept.contents().messages == 2
