"""A reason for which leads are rejected."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

SPAM_REASON = UUID("0d1f6c1e-7a5b-5c0d-9e31-000000000001")
"""The reason that the first migration made for spam; people may rename it or put it away, it stays the same one."""


@dataclass(frozen=True, slots=True)
class RejectionReason:
    """An entry of the directory of reasons; one that is not active cannot be chosen any more (S067)."""

    id: UUID
    name: str
    position: int
    is_active: bool = True
    version: int = 1

    def change(self, settings: dict[str, Any]) -> "RejectionReason":
        """Return the reason with some fields changed and the next version."""
        return replace(self, **settings, version=self.version + 1)
