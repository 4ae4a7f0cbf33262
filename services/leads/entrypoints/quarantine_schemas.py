"""The quarantine on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from services.leads.entrypoints.schemas import ChannelRef


class QuarantinedOut(BaseModel):
    """What could not be translated; `id` is the id that its inquiry will have."""

    id: UUID
    unit: str
    channel_id: UUID
    channel: ChannelRef
    received_at: datetime
    reason: str
    attempts: int
    content_type: str
    state: Literal["new", "translated", "dropped"]
    asked_at: datetime | None
    settled_at: datetime | None

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "QuarantinedOut":
        """Make it of a row."""
        return cls(**fields_of(row))


class QuarantineActOut(BaseModel):
    """What somebody did with it."""

    kind: str
    at: datetime
    by: str
    reason: str = ""


class QuarantinedWhole(QuarantinedOut):
    """The same with the bytes as they came: as text where they are UTF-8, else in base64."""

    external_id: str
    headers: dict[str, str]
    ip: str
    text: str | None = None
    base64: str | None = None
    acts: list[QuarantineActOut]


class AskedOut(BaseModel):
    """How many are translated again now, and how many have not been translated yet in all."""

    asked: int
    left: int


def fields_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the row with its channel."""
    name, kind = row["channel_name"], row["channel_kind"]
    return {**row, "channel": ChannelRef(id=row["channel_id"], name=name or "", kind=kind or "")}
