"""The company itself: its name, time zone, currency and mode (S266)."""

from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

COMPANY_ID = UUID(int=1)
"""There is one company; its events are those of this aggregate."""


@dataclass(frozen=True, slots=True)
class Company:
    """The company's settings; version 0 means that nobody has set them yet."""

    name: str = "Компания"
    time_zone: str = "Europe/Moscow"
    currency: str = "RUB"
    mode: Literal["classic", "simple"] = "classic"
    version: int = 0

    def change(self, settings: dict[str, Any]) -> "Company":
        """Return the company with some settings changed and the next version."""
        return replace(self, **settings, version=self.version + 1)
