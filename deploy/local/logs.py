"""Log files that never grow without end, and the lines that a program writes, one by one."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

FILE_BYTES = 5_000_000
FILES = 3
_CHUNK_BYTES = 65_536
_LINE_BYTES = 1_000_000

Sink = Callable[[bytes], None]


class LogFile:
    """`<name>.log` of at most 5 MB; the older parts are `<name>.log.1` and `<name>.log.2`."""

    def __init__(self, path: Path, *, file_bytes: int = FILE_BYTES) -> None:
        self._path = path
        self._file_bytes = file_bytes
        self._file: BinaryIO | None = None
        self._size = 0

    def write(self, line: bytes) -> None:
        """Append a line; a disk that is full loses the line, not the program."""
        try:
            self._append(line + b"\n")
        except OSError:
            self.close()

    def close(self) -> None:
        """Close the file; the next line opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, data: bytes) -> None:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab", buffering=0)
            self._size = self._file.tell()
        if self._size and self._size + len(data) > self._file_bytes:
            self.close()
            self._rotate()
            self._file = self._path.open("ab", buffering=0)
            self._size = 0
        self._file.write(data)
        self._size += len(data)

    def _rotate(self) -> None:
        for number in range(FILES - 1, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{number}")
            newer = self._path if number == 1 else self._path.with_name(f"{self._path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)


async def pump(stream: asyncio.StreamReader, sink: Sink) -> None:
    """Hand each line of the stream to the sink until it ends; a line without end is cut into pieces."""
    rest = b""
    while chunk := await stream.read(_CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            sink(line.rstrip(b"\r"))
        if len(rest) > _LINE_BYTES:
            sink(rest)
            rest = b""
    if rest:
        sink(rest)
