"""From what a form says to the inquiry that is published: whose it is, which event it is, what travels by key."""

import base64
import hashlib
import re
from datetime import datetime
from uuid import UUID, uuid4

from connectors.forms.form_channel import FormChannel
from connectors.forms.post import Post
from connectors.forms.providers.generic.addresses import add_marks, marks_of, web_address
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.suspicion import suspect_haste
from shared.contracts.inquiries import Attachment, Field, InquiryReceived, Raw, Sender
from shared.files.store import INLINE_LIMIT, FileStore
from shared.kernel.ids import inquiry_id
from shared.kernel.text import safe_text

_PREVIEW = 10_000  # characters of a text whose whole lies in the file store
_LONGEST_ID = 200
_LONGEST_TYPE = 200
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def external_id(post: Post, said: Understood, provider_id: str) -> str:
    """Return what makes two posts the same event: the sender's key, the provider's number, or this attempt alone."""
    found = safe_text(post.idempotency_key or provider_id or said.submission_id) or str(uuid4())
    return found if len(found) <= _LONGEST_ID else hashlib.sha256(found.encode()).hexdigest()


def complete(said: Understood, post: Post, channel: FormChannel, now: datetime) -> None:
    """Fill in what the form did not say from the header in which browsers name the page, and judge its haste."""
    page = web_address(post.page)
    said.page_url = said.page_url or page
    said.referrer = said.referrer or page
    add_marks(said.utm, marks_of(page))
    suspect_haste(said, now, channel.least_fill_s)


async def compose(
    said: Understood,
    post: Post,
    *,
    channel_id: UUID,
    event_id: str,
    files: FileStore,
    now: datetime,
    attachments: tuple[Attachment, ...] = (),
) -> InquiryReceived:
    """Return the inquiry; its text and its raw body go to the file store if they are over 64 KiB.

    FileStoreAwayError when they must and cannot.
    """
    text, text_key = said.text, None
    if len(text) * 4 > INLINE_LIMIT and len(whole := text.encode()) > INLINE_LIMIT:
        text, text_key = text[:_PREVIEW], await files.put(whole, "text/plain")
    return InquiryReceived(
        inquiry_id=inquiry_id(channel_id, event_id),
        channel_id=channel_id,
        kind="form",
        external_id=event_id,
        occurred_at=now,
        received_at=now,
        sender=Sender(
            name=said.name,
            phones=tuple(said.phones),
            emails=tuple(said.emails),
            vk_id=said.vk_id,
            telegram_id=said.telegram_id,
        ),
        subject=said.subject,
        text=text,
        text_key=text_key,
        fields=tuple(Field(name=item.name, label=item.label, value=item.value) for item in said.fields),
        utm=said.utm,
        page_url=safe_text(said.page_url),
        referrer=safe_text(said.referrer),
        ip=post.address,
        user_agent=safe_text(post.user_agent),
        suspected_spam=said.suspected_spam,
        spam_reasons=tuple(said.spam_reasons),
        attachments=attachments,
        raw=await raw_of(post, files),
    )


async def raw_of(post: Post, files: FileStore) -> Raw:
    """Return the body as text where it is printable UTF-8, else as base64, or as a key of the file store."""
    content_type = safe_text(post.content_type[:_LONGEST_TYPE])
    if len(post.body) > INLINE_LIMIT:
        return await raw_by_key(content_type, post.body, files)
    try:
        text = post.body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or _UNPRINTABLE.search(text):
        return Raw(content_type=content_type, base64=base64.b64encode(post.body).decode())
    return Raw(content_type=content_type, text=text)


async def raw_by_key(content_type: str, body: bytes, files: FileStore) -> Raw:
    """Put a body into the file store and return what stands for it in a message."""
    return Raw(content_type=content_type, file_key=await files.put(body, content_type))
