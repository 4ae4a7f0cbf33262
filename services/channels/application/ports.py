"""What the use cases need from outside."""

from typing import Protocol
from uuid import UUID

from services.channels.domain.channel import Channel
from shared.contracts.base import Contract


class ChannelRepository(Protocol):
    """Channels as aggregates."""

    async def add(self, channel: Channel) -> Channel:
        """Store a new channel and return it with its number."""
        ...

    async def get(self, channel_id: UUID) -> Channel:
        """Return the channel, locked for this transaction; ChannelMissingError if there is none."""
        ...

    async def save(self, channel: Channel) -> None:
        """Store a changed channel."""
        ...


class Work(Protocol):
    """One transaction: what it changes and the events that leave with it."""

    @property
    def channels(self) -> ChannelRepository:
        """The channels."""
        ...

    async def publish(self, event: Contract, *, aggregate: UUID) -> None:
        """Put an event into the outbox of this transaction."""
        ...
