"""What could not be translated is handed on raw, so that it is kept and can be translated again (B04)."""

import asyncio
from uuid import UUID, uuid5

import structlog
from prometheus_client import Counter

from connectors.forms.delivery import MESSAGE_LIMIT
from connectors.forms.inquiry import raw_by_key, raw_of
from connectors.forms.post import Post
from connectors.forms.reading import Reader
from shared.contracts.envelope import encode
from shared.contracts.inquiries import EventQuarantined, TranslateAgain
from shared.files.store import FileStore
from shared.kernel.clock import Clock
from shared.kernel.errors import InvalidError, VoronkaError
from shared.kernel.ids import inquiry_id
from shared.kernel.text import safe_text
from shared.messaging import topology
from shared.messaging.edge import Edge
from shared.messaging.retries import explain
from shared.messaging.spool_file import Spooled
from shared.observability.tracing import current_traceparent

UNIT = "forms"
_SOURCE = f"voronka/{UNIT}"
_LONGEST_HEADER = 2_000
_KEY, _PAGE, _AGENT = "idempotency-key", "referer", "user-agent"

QUARANTINED = Counter("voronka_forms_quarantined", "Posts that could not be translated and are kept raw")

log = structlog.get_logger(__name__)


class NothingSaidError(InvalidError):
    """It is a probe: there is nothing to translate in it."""

    slug = "nothing-said"


class Quarantine:
    """Hands posts raw to the edge; returns only when they are durable."""

    def __init__(
        self, edge: Edge, reader: Reader, files: FileStore, clock: Clock, *, within_s: float
    ) -> None:
        self._edge = edge
        self._reader = reader
        self._files = files
        self._clock = clock
        self._within_s = within_s

    async def keep(self, post: Post, channel_id: UUID, error: Exception) -> UUID:
        """Quarantine a post and return the id that its inquiry will have; NotAcceptedError, FileStoreAwayError."""
        event = await asyncio.to_thread(self._reader.guess_event, post)
        quarantined = EventQuarantined(
            inquiry_id=inquiry_id(channel_id, event),
            unit=UNIT,
            channel_id=channel_id,
            external_id=event,
            received_at=self._clock(),
            reason=reason_of(error),
            headers=_headers(post),
            ip=post.address,
            raw=await raw_of(post, self._files),
        )
        await self._publish(quarantined, post)
        return quarantined.inquiry_id

    async def keep_again(self, command: TranslateAgain, post: Post, error: Exception) -> None:
        """Quarantine once more what could not be translated again; NotAcceptedError, FileStoreAwayError."""
        values = {name: getattr(command, name) for name in TranslateAgain.model_fields}
        values |= {"attempts": command.attempts + 1}
        await self._publish(EventQuarantined(unit=UNIT, reason=reason_of(error), **values), post)

    async def _publish(self, event: EventQuarantined, post: Post) -> None:
        """Publish; the id says which event it is and how often it has failed, so that a repeat has no effect."""
        message_id = uuid5(event.inquiry_id, f"quarantined {event.attempts}")
        encoded = self._encode(event, message_id)
        if len(encoded) > MESSAGE_LIMIT:
            raw = await raw_by_key(event.raw.content_type, post.body, self._files)
            encoded = self._encode(event.model_copy(update={"raw": raw}), message_id)
        log.error("a post is quarantined", inquiry_id=str(event.inquiry_id), reason=event.reason)
        item = Spooled(topology.EVENTS, event.topic, str(message_id), encoded)
        await self._edge.accept(item, within_s=self._within_s)
        QUARANTINED.inc()

    def _encode(self, event: EventQuarantined, message_id: UUID) -> bytes:
        return encode(
            event,
            message_id=message_id,
            source=_SOURCE,
            time=self._clock(),
            subject=str(event.inquiry_id),
            traceparent=current_traceparent(),
        )


def reason_of(error: Exception) -> str:
    """Return why a post was not translated: what we say to its sender, or where the fault is."""
    return f"{error.slug}: {error.detail}" if isinstance(error, VoronkaError) else explain(error)


def _headers(post: Post) -> dict[str, str]:
    values = {_KEY: post.idempotency_key, _PAGE: post.page, _AGENT: post.user_agent}
    return {name: safe_text(value[:_LONGEST_HEADER]) for name, value in values.items() if value}


def post_of(command: TranslateAgain, body: bytes) -> Post:
    """Return the post as it came."""
    headers = command.headers
    return Post(
        body=body,
        content_type=command.raw.content_type,
        idempotency_key=headers.get(_KEY, ""),
        page=headers.get(_PAGE, ""),
        user_agent=headers.get(_AGENT, ""),
        address=command.ip,
    )
