"""Channels on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.channels.domain.channel import Channel, Kind, Mode, Repeat, Responsible, Strategy

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]+$")
]

_MOST_BYTES = 32 * 1024  # events carry it whole


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """Accept what jsonb and an event can hold."""
    try:
        written = orjson.dumps(value)
    except TypeError as error:  # a lone surrogate or a number beyond 64 bits
        raise ValueError("not storable") from error
    if b"\\u0000" in written:
        raise ValueError("holds a NUL byte")
    if len(written) > _MOST_BYTES:
        raise ValueError(f"longer than {_MOST_BYTES} bytes")
    return value


Connection = Annotated[dict[str, Any], AfterValidator(_storable)]
Secrets = Annotated[dict[str, str], AfterValidator(_storable)]


class ResponsibleBody(BaseModel):
    """An employee or a role."""

    type: Literal["employee", "role"]
    id: UUID


class ChannelSettings(BaseModel):
    """The settings that can be given at creation and changed later; secrets are write-only."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    status: Literal["active", "disabled"] = "active"
    lead_source: bool = True
    responsible: ResponsibleBody | None = None
    strategy: Strategy = "everyone"
    sticky: bool = False
    repeat: Repeat = "attach"
    mode: Mode | None = None
    reason_required: bool = False
    connection: Connection = Field(default_factory=dict)
    secrets: Secrets | None = None
    """All of them at once; an empty object takes them away."""

    def changed(self) -> dict[str, Any]:
        """Return the settings that were given, in the words of the domain, without the secrets."""
        given = {
            name: getattr(self, name) for name in self.model_fields_set - {"secrets", "kind", "provider"}
        }
        if isinstance(who := given.get("responsible"), ResponsibleBody):
            given["responsible"] = Responsible(who.type, who.id)
        if given.get("name", "") is None:
            del given["name"]
        return given


class ChannelCreate(ChannelSettings):
    """A new channel: kind, provider and name are needed, the rest has defaults."""

    kind: Kind
    provider: str = Field(max_length=40)
    name: Name


class ChannelOut(BaseModel):
    """A channel as it is shown."""

    id: UUID
    number: int
    kind: Kind
    provider: str
    name: str
    key: str
    hook_url: str
    status: Literal["active", "disabled"]
    lead_source: bool
    responsible: ResponsibleBody | None
    strategy: Strategy
    sticky: bool
    repeat: Repeat
    mode: Mode | None
    reason_required: bool
    connection: dict[str, Any]
    has_secrets: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, channel: Channel, hooks_url: str) -> "ChannelOut":
        """Return the channel on the wire."""
        who = channel.responsible
        values = {name: getattr(channel, name) for name in cls.model_fields if hasattr(channel, name)}
        values["responsible"] = ResponsibleBody(type=who.type, id=who.id) if who else None
        values["hook_url"] = f"{hooks_url}{channel.hook_path}" if channel.hook_path else ""
        values["has_secrets"] = bool(channel.secrets)
        return cls(**values)


class ChannelInternal(ChannelOut):
    """A channel as connectors get it: with its secrets as ciphertext."""

    secrets: str

    @classmethod
    def sealed(cls, channel: Channel, hooks_url: str) -> "ChannelInternal":
        """Return the channel with its ciphertext."""
        return cls(**ChannelOut.of(channel, hooks_url).model_dump(), secrets=channel.secrets)
