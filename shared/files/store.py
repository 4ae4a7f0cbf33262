"""The file store: bytes in, an unguessable key out; a local folder by default, S3 by setting.

What goes there: the text of an inquiry over 64 KiB, its raw body over 64 KiB, and whatever else would make a message
larger than 256 KiB. The message then carries the key.
"""

import asyncio
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from shared.files.errors import BadFileKeyError, FileMissingError, FileStoreAwayError
from shared.kernel.clock import Clock, utc_now

INLINE_LIMIT = 64 * 1024
"""Bytes that still travel inside a message."""

_DEFAULT_FOLDER = Path(".local/files")
_KEY_BYTES = 24  # 192 random bits, 32 characters
_KEY = re.compile(r"\d{4}/\d{2}/\d{2}/[A-Za-z0-9_-]{32}\.[a-z]{3,4}", re.ASCII)
_NOTE = re.compile(r"notes/[a-z]{1,20}/\d{8}T\d{6}-[A-Za-z0-9_-]{32}\.json", re.ASCII)
_NOTE_TIME = "%Y%m%dT%H%M%S"
_PLAIN = ("application/octet-stream", "bin")
_TYPES = {
    "text/plain": ("text/plain; charset=utf-8", "txt"),
    "application/json": ("application/json", "json"),
    "application/x-www-form-urlencoded": ("application/x-www-form-urlencoded", "form"),
}


class FileStore:
    """Puts and gets whole files; names are made here and say nothing of who sent what."""

    def __init__(self, url: str = "", *, clock: Clock = utc_now) -> None:
        """Open the store of a URL (`file:///folder`, `s3://bucket/prefix`); `.local/files` here when it is empty.

        A local folder is made if it does not exist. ValueError for a URL that leads nowhere.
        """
        url = url or _DEFAULT_FOLDER.absolute().as_uri()
        try:
            self._store: ObjectStore = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        except (BaseError, OSError) as error:
            raise ValueError(f"no file store at «{url}»: {type(error).__name__}") from error
        self._clock = clock

    async def put(self, data: bytes, content_type: str = "", *, key: str = "") -> str:
        """Store the bytes and return their key, or the one that was made before; FileStoreAwayError if that fails.

        Only a few content types are kept, everything else is stored as plain bytes: what a stranger sends must
        not decide how a browser would show it.
        """
        media, _ = _type_of(content_type)
        key = key or self.new_key(content_type)
        await self._write(key, data, media)
        return key

    def new_key(self, content_type: str = "") -> str:
        """Return a key for a file that will be put under it."""
        return f"{self._clock():%Y/%m/%d}/{secrets.token_urlsafe(_KEY_BYTES)}.{_type_of(content_type)[1]}"

    async def put_note(self, about: str, data: bytes) -> str:
        """Store a note (`about` is its folder, one word) that `notes` will find, and return its key."""
        key = f"notes/{about}/{self._clock():{_NOTE_TIME}}-{secrets.token_urlsafe(_KEY_BYTES)}.json"
        await self._write(key, data, _TYPES["application/json"][0])
        return key

    async def notes(self, about: str, *, before: datetime, most: int = 1_000) -> list[tuple[str, datetime]]:
        """Return keys and times of the notes that were put before a time, at most so many."""
        found: list[tuple[str, datetime]] = []
        try:
            async for batch in obstore.list(self._store, f"notes/{about}"):
                paths = (item["path"] for item in batch if _NOTE.fullmatch(item["path"]))
                found += [(path, at) for path in paths if (at := _time_of(path)) < before]
                if len(found) >= most:
                    break
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error
        return found[:most]

    async def delete(self, key: str) -> None:
        """Delete a file or a note; one that is not there is deleted already."""
        if not _KEY.fullmatch(key) and not _NOTE.fullmatch(key):
            raise BadFileKeyError
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error

    async def _write(self, key: str, data: bytes, media: str) -> None:
        local = isinstance(self._store, LocalStore)  # a folder keeps no attributes; the suffix says the type
        try:
            await obstore.put_async(
                self._store, key, data, mode="create", attributes=None if local else {"Content-Type": media}
            )
            if isinstance(self._store, LocalStore) and self._store.prefix is not None:
                await asyncio.to_thread(_sync, Path(self._store.prefix) / key)
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error

    async def get(self, key: str) -> bytes:
        """Return the bytes under a key; BadFileKeyError, FileMissingError or FileStoreAwayError otherwise."""
        if not _KEY.fullmatch(key) and not _NOTE.fullmatch(key):
            raise BadFileKeyError
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise FileMissingError from error
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error


def _type_of(content_type: str) -> tuple[str, str]:
    return _TYPES.get(content_type.partition(";")[0].strip().lower(), _PLAIN)


def _time_of(note: str) -> datetime:
    written = note.rpartition("/")[2].partition("-")[0]
    return datetime.strptime(written, _NOTE_TIME).replace(tzinfo=UTC)


def _sync(path: Path) -> None:
    """Bring a file and its name to the disk: whoever gets the key may promise that it lasts."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
