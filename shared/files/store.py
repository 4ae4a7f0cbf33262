"""The file store: bytes in, an unguessable key out; a local folder by default, S3 by setting.

What goes there: the text of an inquiry over 64 KiB, its raw body over 64 KiB, and whatever else would make a message
larger than 256 KiB. The message then carries the key.
"""

import asyncio
import os
import re
import secrets
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

    async def put(self, data: bytes, content_type: str = "") -> str:
        """Store the bytes and return their key; FileStoreAwayError if that fails.

        Only a few content types are kept, everything else is stored as plain bytes: what a stranger sends must
        not decide how a browser would show it.
        """
        media, suffix = _TYPES.get(content_type.partition(";")[0].strip().lower(), _PLAIN)
        key = f"{self._clock():%Y/%m/%d}/{secrets.token_urlsafe(_KEY_BYTES)}.{suffix}"
        local = isinstance(self._store, LocalStore)  # a folder keeps no attributes; the suffix says the type
        try:
            await obstore.put_async(
                self._store, key, data, mode="create", attributes=None if local else {"Content-Type": media}
            )
            if isinstance(self._store, LocalStore) and self._store.prefix is not None:
                await asyncio.to_thread(_sync, Path(self._store.prefix) / key)
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error
        return key

    async def get(self, key: str) -> bytes:
        """Return the bytes under a key; BadFileKeyError, FileMissingError or FileStoreAwayError otherwise."""
        if not _KEY.fullmatch(key):
            raise BadFileKeyError
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise FileMissingError from error
        except (BaseError, OSError) as error:
            raise FileStoreAwayError(type(error).__name__) from error


def _sync(path: Path) -> None:
    """Bring a file and its name to the disk: whoever gets the key may promise that it lasts."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
