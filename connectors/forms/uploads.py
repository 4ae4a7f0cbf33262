"""Files of forms: into the file store before the inquiry is published, and out of it if no inquiry ever named them.

A note of the keys is written before the files. Notes older than a day are looked at: files that the stored inquiry
does not name (a repeat of a post stores its files again) are deleted at once, those of an inquiry that leads does
not know after thirty days, for it may wait in a queue or among dead letters.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson
import structlog
from prometheus_client import Counter

from connectors.forms.providers.generic.files import File
from shared.contracts.inquiries import Attachment
from shared.files.store import FileStore
from shared.kernel.clock import Clock
from shared.kernel.errors import MissingError, VoronkaError

_ABOUT = "forms"
_EVERY_S = 3_600.0
_LOOKED_AT_AFTER = timedelta(days=1)
_GIVEN_UP_AFTER = timedelta(days=30)
_MOST_AT_ONCE = 4

SWEPT = Counter("voronka_forms_files_swept", "Files that no inquiry named and that were deleted")

log = structlog.get_logger(__name__)


class Inquiries(Protocol):
    """The service that stores inquiries."""

    async def get(self, path: str) -> Any:
        """Read; MissingError when it is not there, another VoronkaError when it cannot be read."""
        ...


class Uploads:
    """Stores the files of posts and sweeps those that lead nowhere."""

    def __init__(self, files: FileStore, clock: Clock) -> None:
        self._files = files
        self._clock = clock

    async def store(self, inquiry_id: UUID, given: Sequence[File]) -> tuple[Attachment, ...]:
        """Store the files of an inquiry; FileStoreAwayError when that fails."""
        if not given:
            return ()
        keys = [self._files.new_key() for _ in given]
        note = {"inquiry_id": str(inquiry_id), "keys": keys}
        at_once = asyncio.Semaphore(_MOST_AT_ONCE)

        async def put(key: str, file: File) -> None:
            async with at_once:
                await self._files.put(file.content, key=key)

        await self._files.put_note(_ABOUT, orjson.dumps(note))
        await asyncio.gather(*(put(*pair) for pair in zip(keys, given, strict=True)))
        return tuple(
            Attachment(name=file.name, content_type=file.content_type, size=len(file.content), key=key)
            for key, file in zip(keys, given, strict=True)
        )

    async def sweep_for_ever(self, inquiries: Inquiries) -> None:
        """Sweep now and every hour until cancelled."""
        while True:
            try:
                await self.sweep(inquiries)
            except (VoronkaError, ValueError, TypeError, KeyError) as error:
                log.warning("files could not be swept", error=type(error).__name__)
            await asyncio.sleep(_EVERY_S)

    async def sweep(self, inquiries: Inquiries) -> int:
        """Look at the notes that are old enough and return how many files were deleted."""
        now, swept = self._clock(), 0
        for note, written_at in await self._files.notes(_ABOUT, before=now - _LOOKED_AT_AFTER):
            said = orjson.loads(await self._files.get(note))
            named = await _named_by(said["inquiry_id"], inquiries)
            if named is None and written_at > now - _GIVEN_UP_AFTER:
                continue
            orphans = [key for key in said["keys"] if key not in (named or ())]
            for key in orphans:
                await self._files.delete(key)
            await self._files.delete(note)
            SWEPT.inc(len(orphans))
            swept += len(orphans)
        return swept


async def _named_by(inquiry_id: str, inquiries: Inquiries) -> frozenset[str] | None:
    """Return the keys that the stored inquiry names, None while there is no such inquiry."""
    try:
        found = await inquiries.get(f"/api/v1/inquiries/{UUID(inquiry_id)}")
    except MissingError:
        return None
    said = (
        found,
        *found.get("conflicts", ()),
    )  # what came under a used key and said something else has its own files
    return frozenset(item["key"] for part in said for item in part.get("attachments", ()))
