"""One user of a place at a time: a lock that the kernel takes back when its holder ends, however he ends."""

import asyncio
import fcntl
import os
from pathlib import Path


class Lock:
    """A locked file that holds the pid of who locked it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor = -1

    def take(self) -> bool:
        """Take the lock; False when somebody has it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    @property
    def holder(self) -> str:
        """The pid that stands in the file, or an empty text."""
        return self._file.read_text(encoding="utf-8").strip() if self._file.exists() else ""

    def release(self) -> None:
        """Give the lock back; safe to repeat."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class StillHeldError(Exception):
    """Somebody holds the lock for longer than we wait."""


async def wait_free(file: Path, *, within_s: float = 30.0) -> None:
    """Wait until nobody holds the lock, as a server that still ends does; StillHeldError after the time."""
    for _ in range(int(within_s * 10)):
        lock = Lock(file)
        if lock.take():
            lock.release()
            return
        await asyncio.sleep(0.1)
    raise StillHeldError(f"another process still works in {file.parent}")
