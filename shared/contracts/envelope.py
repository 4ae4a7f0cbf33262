"""CloudEvents 1.0 structured JSON: the one form in which messages travel and lie in an outbox."""

from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Contract

CONTENT_TYPE = "application/cloudevents+json"

C = TypeVar("C", bound=Contract)


class Envelope(BaseModel, Generic[C]):
    """A message as it travels: CloudEvents attributes and the contract in `data`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = "1.0"
    id: UUID
    source: str
    type: str
    time: datetime
    subject: str = ""
    traceparent: str = ""
    correlationid: str = ""
    causationid: str = ""
    data: C


def encode(
    data: Contract,
    *,
    message_id: UUID,
    source: str,
    time: datetime,
    subject: str = "",
    traceparent: str = "",
    correlation_id: str = "",
    causation_id: str = "",
) -> bytes:
    """Return the structured CloudEvents JSON of `data`; `time` must be aware."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(message_id),
        "source": source,
        "type": data.topic,
        "time": time,
        "subject": subject,
        "traceparent": traceparent,
        "correlationid": correlation_id,
        "causationid": causation_id,
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="python"),
    }
    return orjson.dumps(attributes, default=str)
