"""One spool on disk: messages that a 2xx was given for and that the broker does not hold yet.

SQLite in WAL mode with `synchronous=FULL`: what a commit returned for survives the process and the machine.
"""

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import structlog

_SUFFIX = ".spool"
_MOST_SLOTS = 1_000
_BUSY_S = 5.0
RESERVE = 8 * 1024 * 1024
"""Bytes that are set aside on the disk for removing."""
_MAKE = """
create table if not exists spooled (
    id integer primary key autoincrement,
    exchange text not null,
    topic text not null,
    message_id text not null,
    body blob not null,
    spooled_at real not null
)
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A message for an exchange; its topic is its routing key."""

    exchange: str
    topic: str
    message_id: str
    body: bytes
    spooled_at: float = field(default_factory=time.time)
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a spool."""

    messages: int
    size: int
    """Bytes of all bodies."""
    oldest_at: float | None
    """Seconds since the epoch."""


class SpoolTakenError(OSError):
    """Another process holds this spool."""


class SpoolFile:
    """A spool that this process holds; all calls come from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open and lock the spool; SpoolTakenError when another process holds it."""
        self.path = path
        self._reserve = path.with_name(f"{path.name}.reserve")
        self._is_reserved = False
        self._lock = _lock(_lock_of(path))
        try:
            self._database = _open(path)
            self._set_aside()
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the spool and let others have it."""
        self._database.close()
        os.close(self._lock)

    def add(self, messages: Sequence[Spooled]) -> None:
        """Write messages in one commit; sqlite3.Error when the disk does not take them, and then none is written."""
        if not self._is_reserved:
            self._set_aside()
        if not self._is_reserved:
            raise sqlite3.OperationalError("no room is left for removing")
        with self._database:
            self._database.executemany(
                "insert into spooled (exchange, topic, message_id, body, spooled_at) values (?, ?, ?, ?, ?)",
                [
                    (item.exchange, item.topic, item.message_id, item.body, item.spooled_at)
                    for item in messages
                ],
            )

    def oldest(self, count: int) -> list[tuple[int, Spooled]]:
        """Return the first messages, each with its place."""
        rows = self._database.execute(
            "select id, exchange, topic, message_id, body, spooled_at from spooled order by id limit ?",
            (count,),
        )
        return [(row[0], Spooled(*row[1:])) for row in rows]

    def remove(self, places: Sequence[int]) -> float | None:
        """Remove messages that the broker holds; return when the oldest that is left was written.

        Removing takes room too, before it gives any back: on a full disk the reserve makes it.
        """
        try:
            self._delete(places)
        except sqlite3.OperationalError:
            self._reserve.unlink(missing_ok=True)
            self._is_reserved = False
            self._shorten_log()
            self._delete(places)
            self._shorten_log()
            self._set_aside()
        row = self._database.execute("select spooled_at from spooled order by id limit 1").fetchone()
        return row[0] if row else None

    def _delete(self, places: Sequence[int]) -> None:
        with self._database:
            self._database.executemany("delete from spooled where id = ?", [(place,) for place in places])

    def check(self) -> Contents:
        """Return how much lies here; sqlite3.DatabaseError when it cannot all be read."""
        ((said,),) = self._database.execute("pragma quick_check(1)")
        if said != "ok":
            raise sqlite3.DatabaseError(said)
        return self.contents()

    def contents(self) -> Contents:
        """Return how much lies here."""
        return _contents(self._database)

    def tidy(self) -> None:
        """Give the disk back what an emptied spool took, and set the reserve aside again."""
        self._database.execute("vacuum")
        self._shorten_log()
        self._set_aside()

    def _shorten_log(self) -> None:
        """Move what the log holds into the file itself, and give its room back."""
        self._database.execute("pragma wal_checkpoint(truncate)")

    def _set_aside(self) -> None:
        """Set room aside for removing; while a disk has none, nothing is added."""
        try:
            descriptor = os.open(self._reserve, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, RESERVE)
            finally:
                os.close(descriptor)
            self._is_reserved = True
        except OSError as error:
            log.warning(
                "no room can be set aside for emptying the spool", path=str(self.path), error=repr(error)
            )


def _contents(database: sqlite3.Connection) -> Contents:
    (row,) = database.execute("select count(*), coalesce(sum(length(body)), 0), min(spooled_at) from spooled")
    return Contents(*row)


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise SpoolTakenError(str(path)) from error
    return descriptor


def _open(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False)
    try:
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=full")
        database.execute(_MAKE)
        database.commit()
    except BaseException:
        database.close()
        raise
    return database


def peek(path: Path) -> Contents:
    """Return what lies in a spool, whoever holds it."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_BUSY_S)) as database:
        return _contents(database)


def is_held(path: Path) -> bool:
    """Say whether a process holds the spool."""
    try:
        os.close(_lock(_lock_of(path)))
    except SpoolTakenError:
        return True
    return False


def take_slot(folder: Path, unit: str, *, empty: bool = False) -> tuple[SpoolFile, Contents]:
    """Return the first spool of the unit that no process holds: one that a process left behind, else a new one.

    `empty` passes over those that were left with something in them. What cannot be read is put aside.
    """
    for number in range(_MOST_SLOTS):
        path = folder / f"{unit}.{number}{_SUFFIX}"
        with contextlib.suppress(SpoolTakenError):
            try:
                found, contents = _opened(path)
            except sqlite3.OperationalError:
                raise  # the disk, not what is written on it
            except sqlite3.DatabaseError:
                log.exception("the spool cannot be read and is put aside", path=str(path))
                _put_aside(path)
                found, contents = _opened(path)
            if not empty or not contents.messages:
                return found, contents
            found.close()
    raise SpoolTakenError(str(folder))


def _opened(path: Path) -> tuple[SpoolFile, Contents]:
    found = SpoolFile(path)
    try:
        return found, found.check()
    except BaseException:
        found.close()
        raise


def _put_aside(path: Path) -> None:
    """Rename a spool with its log, so that both can be looked at together."""
    now = int(time.time())
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.rename(path.with_name(f"{path.name}.damaged-{now}{suffix}"))


def spools_in(folder: Path) -> Iterator[Path]:
    """Yield the spools in a folder, of whatever unit."""
    yield from sorted(folder.glob(f"*{_SUFFIX}"))
