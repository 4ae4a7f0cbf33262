"""Change some settings of a channel, unless somebody else changed it meanwhile (B25)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.channels.application.ports import Work
from services.channels.application.published import channel_changed
from services.channels.domain.channel import Channel
from shared.kernel.errors import StaleVersionError


@dataclass(frozen=True, slots=True)
class ChangeChannel:
    """`version` is the one that the caller saw; None skips the comparison."""

    channel_id: UUID
    settings: dict[str, Any]
    version: int | None = None


async def change_channel(command: ChangeChannel, work: Work, now: datetime) -> Channel:
    """Store the change and tell the others; StaleVersionError carries the current channel."""
    channel = await work.channels.get(command.channel_id)
    if command.version is not None and command.version != channel.version:
        raise StaleVersionError(current=channel)
    changed = channel.change(command.settings, now)
    await work.channels.save(changed)
    await work.publish(channel_changed(changed), aggregate=changed.id)
    return changed
