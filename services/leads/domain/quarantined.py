"""What came in and could not be translated: kept raw until it is translated, or thrown away (B04)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.leads.domain.errors import QuarantinedSettledError

State = Literal["new", "translated", "dropped"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One event in quarantine; `id` is the id that its inquiry will have."""

    id: UUID
    unit: str
    channel_id: UUID
    external_id: str
    received_at: datetime
    attempts: int
    state: State = "new"
    headers: dict[str, str] = field(default_factory=dict)
    ip: str = ""
    raw: dict[str, Any] = field(default_factory=dict)

    def require_new(self) -> None:
        """QuarantinedSettledError if it was translated or dropped already."""
        if self.state != "new":
            raise QuarantinedSettledError(state=self.state)
