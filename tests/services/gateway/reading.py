"""A reader at a fixed moment, for tests of what pages show."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.gateway.language.catalogue import CATALOGUES, LanguageCode
from services.gateway.language.formats import Formats
from services.gateway.pages.reader import Reader
from tests.services.gateway.company import Json, lead

ME = UUID(int=7)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""12:30 in Moscow."""


def reader_at(now: datetime = NOW, language: LanguageCode = "ru") -> Reader:
    """Return the reader."""
    words = CATALOGUES[language]
    return Reader(str(ME), words, Formats(words, ZoneInfo("Europe/Moscow")), now)


def ago(**length: float) -> str:
    """Return the time so long before the reader's moment, as it stands on the wire."""
    return (NOW - timedelta(**length)).isoformat()


def lead_of(status: str = "new", **values: Any) -> Json:
    """Return a lead that came ten minutes ago and waits no longer."""
    times = {"created_at": ago(minutes=10), "last_inquiry_at": ago(minutes=10), "waiting_since": None}
    return lead(1284, **{**times, "status": status, **values})
