"""The base of every message body: frozen, tolerant of unknown fields, with a wire name of its own."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """A message that crosses the border of a unit.

    `topic` is the wire name `<unit>.<noun-verb>.v<n>`; it never follows the class name. Fields are only ever
    added; readers ignore what they do not know.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str] = ""


class Part(BaseModel):
    """A value inside a contract: frozen and tolerant, without a topic."""

    model_config = ConfigDict(frozen=True, extra="ignore")
