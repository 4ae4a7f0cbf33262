"""What happens to a message that failed: it waits in the shared delays, then lies in the unit's dead letters."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog
from aio_pika import DeliveryMode, Message
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from shared.kernel.text import safe_text
from shared.messaging import topology
from shared.messaging.publisher import Publisher, PublishFailedError

ATTEMPT = "x-attempt"
REASON = "x-reason"
ORIGIN = "x-origin-queue"
_LONGEST_REASON = 2_000
_TELLING = ("slug", "sqlstate", "table_name", "constraint_name")
_OURS = ("services.", "shared.", "connectors.")
_AGAIN_S = (0.2, 1.0, 2.0, 5.0)

log = structlog.get_logger(__name__)


class Original(Protocol):
    """A message as it came."""

    body: bytes

    @property
    def headers(self) -> Mapping[str, Any]:
        """The headers of the message."""
        ...

    @property
    def message_id(self) -> str | None:
        """The id that its publisher gave it."""
        ...

    @property
    def type(self) -> str | None:
        """The topic, as its publisher named it."""
        ...

    @property
    def content_type(self) -> str | None:
        """The content type of the body."""
        ...


def attempts(headers: Mapping[str, Any]) -> int:
    """Return how often the message was tried before, as its header says."""
    value = headers.get(ATTEMPT, 0)
    return value if isinstance(value, int) else 0


def explain(error: BaseException) -> str:
    """Return what went wrong and where in one line that can be stored, without the error's own text.

    Databases and parsers repeat in their messages the values that they refuse, and these are people's data.
    """
    if isinstance(error, ValidationError):
        places = (f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in error.errors())
        return safe_text(f"ValidationError: {'; '.join(places)}")[:_LONGEST_REASON]
    cause = error.driver_exception if isinstance(error, DBAPIError) else error
    named = (
        type(cause).__name__,
        *(str(value) for name in _TELLING if (value := getattr(cause, name, None))),
    )
    return safe_text(f"{' '.join(named)}{_place(error)}")[:_LONGEST_REASON]


def _place(error: BaseException) -> str:
    """Return the innermost place of our own code that the error came through."""
    found, step = "", error.__traceback__
    while step:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.startswith(_OURS):
            found = f" at {module}:{step.tb_lineno}"
        step = step.tb_next
    return found


async def retry_later(publisher: Publisher, queue: str, original: Original, error: Exception) -> None:
    """Publish a copy into the next delay, or to the dead letters when all delays are used up.

    Returns when the broker has confirmed the copy, however long that takes: until then the original is kept.
    """
    tried = attempts(original.headers)
    if tried >= len(topology.DELAYS):
        await park(publisher, queue, original, explain(error))
        return
    delay = topology.DELAYS[tried]
    reason = explain(error)
    log.warning(
        "message failed", queue=queue, message_id=original.message_id, error=reason, again_in=delay.name
    )
    copy = _copy(original, {**original.headers, ATTEMPT: tried + 1, REASON: reason})
    await _until_confirmed(
        lambda: publisher.send(copy, exchange=delay.name, routing_key=queue, mandatory=True)
    )


async def park(publisher: Publisher, queue: str, original: Original, reason: str) -> None:
    """Publish a copy to the dead letters at once; returns when the broker has confirmed it."""
    reason = safe_text(reason)[:_LONGEST_REASON]
    log.error("message is dead", queue=queue, message_id=original.message_id, reason=reason)
    copy = _copy(original, {**original.headers, REASON: reason, ORIGIN: queue})
    await _until_confirmed(
        lambda: publisher.send(copy, exchange=topology.DEAD_LETTERS, routing_key=queue, mandatory=True)
    )


async def _until_confirmed(send: Callable[[], Awaitable[None]]) -> None:
    """Try until the broker confirms; giving the original back instead would use up its deliveries.

    A copy that was in doubt and arrives twice has the same message id, so that the inbox drops the second.
    """
    attempt = 0
    while True:
        try:
            return await send()
        except PublishFailedError as error:
            delay = _AGAIN_S[min(attempt, len(_AGAIN_S) - 1)]
            attempt += 1
            log.warning("a failed message cannot be moved aside yet", error=error.detail, again_in_s=delay)
            await asyncio.sleep(delay)


def _copy(original: Original, headers: dict[str, Any]) -> Message:
    kept = {key: value for key, value in headers.items() if key not in {"x-death", "x-delivery-count"}}
    return Message(
        original.body,
        message_id=original.message_id,
        type=original.type,
        content_type=original.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        headers=kept,
    )
