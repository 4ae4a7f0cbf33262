"""Create a channel: it gets its key and its address at once (S022)."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.channels.application.ports import Work
from services.channels.application.published import channel_changed
from services.channels.domain.channel import Channel, Kind
from shared.kernel.ids import new_id

_KEY_BYTES = 18


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """Kind, provider and name are needed; `settings` holds whatever else was given."""

    kind: Kind
    provider: str
    name: str
    settings: dict[str, Any] = field(default_factory=dict)


async def create_channel(command: CreateChannel, work: Work, now: datetime) -> Channel:
    """Store the channel and tell the others.

    UnknownProviderError when kind and provider do not fit, WrongConnectionError when a setting is wrong.
    """
    channel = Channel(
        id=new_id(),
        kind=command.kind,
        provider=command.provider,
        name=command.name,
        key=secrets.token_urlsafe(_KEY_BYTES),
        created_at=now,
        updated_at=now,
        **command.settings,
    ).checked()
    stored = await work.channels.add(channel)
    await work.publish(channel_changed(stored), aggregate=stored.id)
    return stored
