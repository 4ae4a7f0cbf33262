"""Handing an inquiry to the edge: small enough, never twice at once under one id."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from prometheus_client import Counter

from connectors.forms.inquiry import raw_by_key
from shared.contracts.envelope import encode
from shared.contracts.inquiries import InquiryReceived
from shared.files.store import FileStore
from shared.kernel.clock import Clock
from shared.messaging import topology
from shared.messaging.edge import Edge, NotAcceptedError
from shared.messaging.spool_file import Spooled
from shared.observability.tracing import current_traceparent

MESSAGE_LIMIT = 240 * 1024
_SOURCE = "voronka/forms"

DELIVERED = Counter("voronka_forms_inquiries", "Inquiries from forms that were made durable")


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """An inquiry that is being published, and how that ends."""

    body: bytes
    outcome: asyncio.Future[None]

    def fail(self, error: BaseException) -> None:
        """Tell those who wait; a cancellation of this attempt is a failure for them, not a cancellation."""
        self.outcome.set_exception(error if isinstance(error, Exception) else NotAcceptedError())
        self.outcome.exception()  # seen, whether anybody waits or not


class Delivery:
    """Hands inquiries to intake; returns only when they are durable."""

    def __init__(self, edge: Edge, files: FileStore, clock: Clock, *, within_s: float) -> None:
        self._edge = edge
        self._files = files
        self._clock = clock
        self._within_s = within_s
        self._under_way: dict[UUID, _UnderWay] = {}

    async def deliver(self, inquiry: InquiryReceived, body: bytes) -> None:
        """Hand over the inquiry that came as `body`; NotAcceptedError when it cannot be made durable now.

        A repeat that comes while the first one is under way shares its outcome, and another body under the same id
        waits for its turn: the client library tells returned messages apart by their ids alone.
        """
        inquiry_id = inquiry.inquiry_id
        while (other := self._under_way.get(inquiry_id)) is not None:
            if other.body == body:
                return await asyncio.shield(other.outcome)
            await asyncio.wait([other.outcome])
        mine = self._under_way[inquiry_id] = _UnderWay(body, asyncio.get_running_loop().create_future())
        try:
            encoded = await self._encoded(inquiry, body)
            item = Spooled(topology.INQUIRIES, inquiry.topic, str(inquiry_id), encoded)
            await self._edge.accept(item, within_s=self._within_s)
        except BaseException as error:
            mine.fail(error)
            raise
        finally:
            del self._under_way[inquiry_id]
        mine.outcome.set_result(None)
        DELIVERED.inc()
        return None

    async def _encoded(self, inquiry: InquiryReceived, body: bytes) -> bytes:
        """Return the message; where quotes and backslashes make it too large, the raw body goes by key."""
        encoded = self._encode(inquiry)
        if len(encoded) <= MESSAGE_LIMIT:
            return encoded
        raw = await raw_by_key(inquiry.raw.content_type, body, self._files)
        return self._encode(inquiry.model_copy(update={"raw": raw}))

    def _encode(self, inquiry: InquiryReceived) -> bytes:
        return encode(
            inquiry,
            message_id=inquiry.inquiry_id,
            source=_SOURCE,
            time=self._clock(),
            subject=str(inquiry.inquiry_id),
            traceparent=current_traceparent(),
        )
