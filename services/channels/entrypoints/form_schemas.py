"""A body that is pasted to be tried, on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.channels.entrypoints.schemas import Connection

_LONGEST_TEXT = 600_000
_LONGEST_TYPE = 500

Body = Annotated[str, StringConstraints(max_length=_LONGEST_TEXT)]


class Pasted(BaseModel):
    """A body as it is sent: as text, or in base64 where its bytes matter; `connection` in place of the saved one."""

    model_config = ConfigDict(extra="forbid")

    content_type: str = Field("", max_length=_LONGEST_TYPE)
    text: Body | None = None
    base64: Body | None = None
    connection: Connection | None = None

    @model_validator(mode="after")
    def one_body(self) -> "Pasted":
        """Accept one body only."""
        if (self.text is None) == (self.base64 is None):
            raise ValueError("either text or base64")
        return self
