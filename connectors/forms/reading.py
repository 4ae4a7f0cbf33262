"""From the bytes of a post to the inquiry that is published, at the hook and when it is translated again."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from connectors.forms.inquiry import complete, compose, external_id
from connectors.forms.post import Post
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import FieldTable
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack_cookies
from shared.contracts.inquiries import InquiryReceived
from shared.files.store import FileStore

_READ_ASIDE = 4 * 1024  # bytes; a larger body is read in a thread, so that the others do not wait for it


class Read(NamedTuple):
    """What a post says: the inquiry, and where the form wishes the person to go."""

    inquiry: InquiryReceived
    redirect: str


async def read_inquiry(
    post: Post,
    *,
    channel_id: UUID,
    traps: Iterable[str],
    table: FieldTable,
    files: FileStore,
    now: datetime,
    event: str = "",
) -> Read | None:
    """Return what the post says, None for a probe; `event` is which event it is where that is known already.

    The errors of bodies that nobody can read, FileStoreAwayError.
    """
    entries = await _entries(post)
    if is_probe(entries):
        return None
    said = await _understood(entries, post, table, traps)
    complete(said, post)
    inquiry = await compose(
        said,
        post,
        channel_id=channel_id,
        event_id=event or external_id(post, said, event_id(entries)),
        files=files,
        now=now,
    )
    return Read(inquiry, said.redirect)


def guess_event(post: Post, table: FieldTable) -> str:
    """Return which event a post is that could not be translated, as well as its entries tell."""
    said, provider_id = Understood(), ""
    try:
        entries = read_body(post.body, post.content_type)
        said.submission_id = next(
            (entry.value for entry in entries if table.meaning(entry.name) == "submission"), ""
        )
        provider_id = event_id(entries)
    except Exception:  # noqa: BLE001, S110 - the very fault for which it could not be translated
        pass
    return external_id(post, said, provider_id)


async def _entries(post: Post) -> list[Entry]:
    if len(post.body) <= _READ_ASIDE:
        return read_body(post.body, post.content_type)
    return await asyncio.to_thread(read_body, post.body, post.content_type)


async def _understood(
    entries: list[Entry], post: Post, table: FieldTable, traps: Iterable[str]
) -> Understood:
    entries = unpack_cookies(entries)
    if len(post.body) <= _READ_ASIDE:
        return translate(entries, table, traps)
    return await asyncio.to_thread(translate, entries, table, traps)
