"""F9: the disk of the file store is full."""

import asyncio
import os
import subprocess
from pathlib import Path

import asyncpg

from chaos.checker import Violation
from chaos.facts import Facts
from chaos.faults.fault import Fault
from chaos.ledger import digest, promises, read_lines
from chaos.posting import Post
from chaos.stage import Stage

_SIZE = 1024 * 1024
_FREE = 250 * 1024
_LARGE = 100_000
_POSTS = 12
_UNIT = "connectors"
_KEYS = "select external_id, body ->> 'file_key' as file from inquiries join raw_inquiries on inquiry_id = id where starts_with(external_id, $1)"


class SmallDisk(Fault):
    """A small file system, nearly full, under what the connectors keep on disk."""

    hold_s = 6

    def __init__(self, name: str, how: str) -> None:
        super().__init__(f"F9-{name}", f"{how} on a full disk, for {self.hold_s} s")
        self._folder = Path()
        self._refused: list[Post] = []

    def impossible(self, stage: Stage) -> str:
        """Mount the small file system; return why that cannot be done."""
        if os.geteuid() != 0:
            return "only root can mount a small tmpfs"
        self._folder = stage.place.local / "small-disk"
        self._folder.mkdir(exist_ok=True)
        _unmount(self._folder)
        done = subprocess.run(  # noqa: S603 - the folder is our own
            ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "chaos", str(self._folder)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return f"mount: {done.stderr.strip()}" if done.returncode else ""

    def fill(self) -> None:
        """Leave little room."""
        (self._folder / "filler").write_bytes(b"\0" * (_SIZE - _FREE))

    async def send_large(self, stage: Stage, prefix: str) -> None:
        """Send bodies that do not fit, and remember those that were not accepted."""
        posts = [
            Post(stage.hooks[0], f"{prefix}large-{number}", stage.people.stranger(), note=_filling(number))
            for number in range(_POSTS)
        ]
        outcomes = await asyncio.gather(*(stage.poster.send(post) for post in posts))
        self._refused = [post for post, outcome in zip(posts, outcomes, strict=True) if outcome != "ok"]

    async def make_room(self, stage: Stage) -> None:
        """End the shortage, and let the providers try again what was refused."""
        (self._folder / "filler").unlink()
        await asyncio.gather(*(stage.poster.send(post) for post in self._refused))

    async def leave(self, stage: Stage, prefix: str) -> list[Violation]:
        """Let the connectors keep things where they did before; the fault was none if all fitted."""
        await stage.run_anew(_UNIT)
        _unmount(self._folder)
        return [] if self._refused else [Violation("F9", "the disk was never full", (prefix,))]


class SpoolFull(SmallDisk):
    """The broker is away and the spool's disk is full: 503, never a false 2xx, and what was accepted comes through."""

    def __init__(self) -> None:
        super().__init__("spool", "the spool of the connectors, with the broker away,")
        self._before = Path()

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Let the connectors spool there, take the broker away, fill the disk."""
        self._before, stage.spool = stage.spool, self._folder / "spool"
        await stage.run_anew(_UNIT, FORMS_SPOOL_DIR=str(stage.spool))
        await stage.servers.broker.kill()
        self.fill()
        await self.send_large(stage, prefix)

    async def restore(self, stage: Stage) -> None:
        """Bring the broker back, with room on the disk."""
        await stage.servers.broker.start()
        await self.make_room(stage)

    async def further(self, stage: Stage, _facts: Facts, prefix: str) -> list[Violation]:
        """Leave the small disk: what still lay there was named already."""
        stage.spool = self._before
        return await self.leave(stage, prefix)


class FilesFull(SmallDisk):
    """Bodies that must lie in the file store do not fit there: 503, and no half file."""

    def __init__(self) -> None:
        super().__init__("files", "the file store")

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Let the connectors keep their files there, fill it up, and send bodies that need it."""
        await stage.run_anew(_UNIT, VORONKA_FILES_URL=(self._folder / "files").as_uri())
        self.fill()
        await self.send_large(stage, prefix)

    async def restore(self, stage: Stage) -> None:
        """Make room."""
        await self.make_room(stage)

    async def further(self, stage: Stage, _facts: Facts, prefix: str) -> list[Violation]:
        """Compare every file with what was sent, then leave the small disk."""
        connection = await asyncpg.connect(stage.urls["leads"])
        rows = await connection.fetch(_KEYS, prefix)
        await connection.close()
        events = promises(read_lines(stage.ledger.file)).events
        files = {str(path.relative_to(self._folder / "files")): path for path in self._files()}
        hashes = {name: digest(path.read_bytes()) for name, path in files.items()}
        wrong = [
            row["external_id"]
            for row in rows
            if row["file"] and hashes.get(row["file"]) not in events[row["external_id"]].hashes
        ]
        sent = {item for event in events.values() for item in event.hashes}
        notes = [_filling(number) for number in range(_POSTS)]
        halves = sorted(
            name
            for name, path in files.items()
            if hashes[name] not in sent
            and not any(note in path.read_text(errors="replace") for note in notes)
        )
        found = await self.leave(stage, prefix)
        if wrong:
            found.append(Violation("I1", "accepted and its file is not what was sent", tuple(wrong)))
        if halves:
            found.append(Violation("F9", "half a file is left", tuple(halves)))
        return found

    def _files(self) -> list[Path]:
        return [path for path in (self._folder / "files").rglob("*") if path.is_file()]


def _filling(number: int) -> str:
    return f"{number}ю" * (_LARGE // 3)


def _unmount(folder: Path) -> None:
    """Take the small disk away, if it is there; a lazy way, because a process may still have a file open."""
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)  # noqa: S607, S603
