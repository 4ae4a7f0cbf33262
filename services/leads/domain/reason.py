"""A reason for which leads are rejected."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID


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
