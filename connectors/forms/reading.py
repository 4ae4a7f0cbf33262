"""From the bytes of a post to the inquiry that is published, at the hook and when it is translated again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from connectors.forms.form_channel import TILDA, FormChannel
from connectors.forms.inquiry import complete, compose, external_id
from connectors.forms.post import Post
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import FieldTable
from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack
from connectors.forms.uploads import Uploads
from shared.contracts.inquiries import InquiryReceived
from shared.files.errors import FileStoreAwayError
from shared.files.store import FileStore
from shared.kernel.ids import inquiry_id

_READ_ASIDE = 4 * 1024  # bytes; a larger body is read in a thread, so that the others do not wait for it
_TILDA_FILES_S = 3.0  # of the 5 s that it waits in all; channels and the broker have their own limits


class Read(NamedTuple):
    """What a post says: the inquiry, and where the form wishes the person to go."""

    inquiry: InquiryReceived
    redirect: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads posts; `within_s` is how long what goes to the file store may take."""

    table: FieldTable
    files: FileStore
    uploads: Uploads
    within_s: float

    async def read(self, post: Post, channel: FormChannel, now: datetime, *, event: str = "") -> Read | None:
        """Return what the post says, None for a probe; `event` is which event it is where that is known already.

        The errors of bodies that nobody can read, FileStoreAwayError.
        """
        given: list[File] = []
        entries = await self._entries(post, given)
        if is_probe(entries) and not given:
            return None
        said = await self._understood(entries, post, channel)
        complete(said, post, channel, now)
        event = event or external_id(post, said, event_id(entries))
        if len(post.body) <= _READ_ASIDE and not given:
            return Read(await self._compose(said, post, channel, event, now), said.redirect)
        try:
            async with asyncio.timeout(
                min(self.within_s, _TILDA_FILES_S) if channel.provider == TILDA else self.within_s
            ):
                inquiry = await self._compose(said, post, channel, event, now, given)
        except TimeoutError as error:
            raise FileStoreAwayError from error
        return Read(inquiry, said.redirect)

    def guess_event(self, post: Post) -> str:
        """Return which event a post is that could not be translated, as well as its entries tell."""
        said, provider_id = Understood(), ""
        try:
            entries = read_body(post.body, post.content_type, [])
            said.submission_id = next(
                (entry.value for entry in entries if self.table.meaning(entry.name) == "submission"), ""
            )
            provider_id = event_id(entries)
        except Exception:  # noqa: BLE001, S110 - the very fault for which it could not be translated
            pass
        return external_id(post, said, provider_id)

    async def _compose(
        self,
        said: Understood,
        post: Post,
        channel: FormChannel,
        event: str,
        now: datetime,
        given: Sequence[File] = (),
    ) -> InquiryReceived:
        attachments = await self.uploads.store(inquiry_id(channel.id, event), given) if given else ()
        return await compose(
            said,
            post,
            channel_id=channel.id,
            event_id=event,
            files=self.files,
            now=now,
            attachments=attachments,
        )

    @staticmethod
    async def _entries(post: Post, given: list[File]) -> list[Entry]:
        if len(post.body) <= _READ_ASIDE:
            return read_body(post.body, post.content_type, given)
        return await asyncio.to_thread(read_body, post.body, post.content_type, given)

    async def _understood(self, entries: list[Entry], post: Post, channel: FormChannel) -> Understood:
        entries = unpack(entries)
        if len(post.body) <= _READ_ASIDE:
            return translate(entries, self.table, channel.traps, channel.mapping)
        return await asyncio.to_thread(translate, entries, self.table, channel.traps, channel.mapping)
