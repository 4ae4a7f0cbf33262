"""What happens to a message that failed: it waits in the shared delays, then lies in the unit's dead letters."""

from collections.abc import Mapping
from typing import Any

import structlog
from aio_pika import Message
from aio_pika.abc import AbstractMessage

from shared.messaging import topology
from shared.messaging.publisher import Publisher

ATTEMPT = "x-attempt"
REASON = "x-reason"
ORIGIN = "x-origin-queue"
_LONGEST_REASON = 2_000

log = structlog.get_logger(__name__)


def attempts(headers: Mapping[str, Any]) -> int:
    """Return how often the message was tried before, as its header says."""
    value = headers.get(ATTEMPT, 0)
    return value if isinstance(value, int) else 0


async def retry_later(publisher: Publisher, queue: str, original: AbstractMessage, error: Exception) -> None:
    """Publish a copy into the next delay, or to the dead letters when all delays are used up.

    Raises PublishFailedError if the broker did not confirm the copy; the original must then be kept.
    """
    tried = attempts(original.headers)
    if tried >= len(topology.DELAYS):
        await park(publisher, queue, original, f"{type(error).__name__}: {error}")
        return
    delay = topology.DELAYS[tried]
    log.warning("message failed", queue=queue, message_id=original.message_id, error=repr(error), again_in=delay.name)
    headers = {**original.headers, ATTEMPT: tried + 1, REASON: repr(error)[:_LONGEST_REASON]}
    await publisher.send(_copy(original, headers), exchange=delay.name, routing_key=queue, mandatory=True)


async def park(publisher: Publisher, queue: str, original: AbstractMessage, reason: str) -> None:
    """Publish a copy to the dead letters at once; PublishFailedError if it was not confirmed."""
    log.error("message is dead", queue=queue, message_id=original.message_id, reason=reason)
    headers = {**original.headers, REASON: reason[:_LONGEST_REASON], ORIGIN: queue}
    await publisher.send(
        _copy(original, headers), exchange=topology.DEAD_LETTERS, routing_key=queue, mandatory=True
    )


def _copy(original: AbstractMessage, headers: dict[str, Any]) -> Message:
    kept = {key: value for key, value in headers.items() if key not in {"x-death", "x-delivery-count"}}
    return Message(
        original.body,
        message_id=original.message_id,
        type=original.type,
        content_type=original.content_type,
        delivery_mode=original.delivery_mode,
        headers=kept,
    )
