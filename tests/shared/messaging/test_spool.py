"""The spool: what it took survives the process, and it refuses what it cannot keep."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from shared.messaging.spool import Spool, SpoolRefusedError
from shared.messaging.spool_file import RESERVE, Spooled, SpoolFile, SpoolTakenError, spools_in, take_slot

LIMIT = 1_000_000

WRITER = """
import asyncio, sys
from pathlib import Path
from shared.messaging.spool import Spool
from shared.messaging.spool_file import Spooled

async def main():
    async with Spool(Path(sys.argv[1]), unit="forms", limit=10 ** 9) as spool:
        async def work(worker):
            number = 0
            while True:
                name = f"{worker}-{number}"
                await spool.put(Spooled("an exchange", "a.topic", name, name.encode()))
                print(name, flush=True)
                number += 1
        await asyncio.gather(*map(work, range(20)))

asyncio.run(main())
"""


def spooled(size: int = 10) -> Spooled:
    """Return a message of this size."""
    return Spooled("an exchange", "a.topic", str(uuid4()), b"x" * size)


async def test_what_was_put_comes_out_in_its_order_and_is_gone_once_removed(tmp_path: Path) -> None:
    messages = [spooled(number + 1) for number in range(30)]
    async with Spool(tmp_path, unit="forms", limit=LIMIT) as spool:
        assert spool.is_empty
        await asyncio.gather(*map(spool.put, messages))
        assert not spool.is_empty
        assert spool.filled.is_set()
        rows = await spool.oldest(100)
        assert [item for _, item in rows] == messages
        await spool.remove(rows[:29])
        assert [item for _, item in await spool.oldest(100)] == messages[29:]
        await spool.remove(rows[29:])
        assert spool.is_empty
        assert not spool.filled.is_set()


@pytest.mark.feature("B01")
def test_whatever_was_confirmed_is_there_after_the_process_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout
        confirmed = [process.stdout.readline().strip() for _ in range(300)]
        os.kill(process.pid, signal.SIGKILL)
        confirmed += process.stdout.read().splitlines()[:-1]  # the last line may be cut
    left, _ = take_slot(tmp_path, "forms")
    with left:
        kept = {item.message_id for _, item in left.oldest(1_000_000)}
    assert set(confirmed) <= kept


async def test_a_filled_spool_that_was_left_is_taken_over_with_what_lies_in_it(tmp_path: Path) -> None:
    message = spooled()
    async with Spool(tmp_path, unit="forms", limit=LIMIT) as first:
        await first.put(message)
    async with Spool(tmp_path, unit="forms", limit=LIMIT) as second:
        assert not second.is_empty
        assert second.filled.is_set()
        assert [item for _, item in await second.oldest(10)] == [message]


async def test_two_processes_have_two_spools(tmp_path: Path) -> None:
    async with (
        Spool(tmp_path, unit="forms", limit=LIMIT) as first,
        Spool(tmp_path, unit="forms", limit=LIMIT) as second,
    ):
        await first.put(spooled())
        assert second.is_empty
    assert [path.name for path in spools_in(tmp_path)] == ["forms.0.spool", "forms.1.spool"]


def test_a_spool_that_is_held_cannot_be_opened(tmp_path: Path) -> None:
    with SpoolFile(tmp_path / "forms.0.spool"), pytest.raises(SpoolTakenError):
        SpoolFile(tmp_path / "forms.0.spool")


async def test_a_full_spool_refuses_and_takes_again_once_there_is_room(tmp_path: Path) -> None:
    async with Spool(tmp_path, unit="forms", limit=25) as spool:
        await asyncio.gather(spool.put(spooled()), spool.put(spooled()))
        with pytest.raises(SpoolRefusedError):
            await spool.put(spooled())
        await spool.remove(await spool.oldest(1))
        await spool.put(spooled())


async def test_what_the_disk_does_not_take_is_refused_and_what_was_there_stays(tmp_path: Path) -> None:
    first = spooled()
    async with Spool(tmp_path, unit="forms", limit=LIMIT) as spool:
        await spool.put(first)
        await spool._in_thread(lambda: spool._opened._database.execute("pragma max_page_count=4"))
        with pytest.raises(SpoolRefusedError):
            await spool.put(spooled(100_000))
        assert [item for _, item in await spool.oldest(10)] == [first]
        await spool._in_thread(lambda: spool._opened._database.execute("pragma max_page_count=100000"))
        await spool.put(spooled(100_000))


@pytest.mark.feature("B01")
async def test_a_spool_on_a_full_disk_can_be_emptied_with_the_room_that_was_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve = tmp_path / "forms.0.spool.reserve"
    delete = SpoolFile._delete

    def on_a_full_disk(file: SpoolFile, places: Sequence[int]) -> None:
        if reserve.exists():
            raise sqlite3.OperationalError("database or disk is full")
        delete(file, places)

    async with Spool(tmp_path, unit="forms", limit=LIMIT) as spool:
        await spool.put(spooled())
        assert reserve.stat().st_size == RESERVE
        monkeypatch.setattr(SpoolFile, "_delete", on_a_full_disk)
        await spool.remove(await spool.oldest(1))
        assert spool.is_empty
        assert reserve.stat().st_size == RESERVE


async def test_an_emptied_spool_gives_the_disk_back(tmp_path: Path) -> None:
    async with Spool(tmp_path, unit="forms", limit=10 * LIMIT) as spool:
        await asyncio.gather(*(spool.put(spooled(100_000)) for _ in range(50)))
        await spool.remove(await spool.oldest(50))
    assert _size(tmp_path) < 100_000 + RESERVE


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


async def test_a_file_that_is_no_spool_is_put_aside_and_a_new_one_is_begun(tmp_path: Path) -> None:
    damaged = b"something else entirely, and quite long at that" * 10
    (tmp_path / "forms.0.spool").write_bytes(damaged)
    async with Spool(tmp_path, unit="forms", limit=LIMIT) as spool:
        await spool.put(spooled())
    assert _aside(tmp_path) == [damaged]


def _aside(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if "damaged" in path.name]
