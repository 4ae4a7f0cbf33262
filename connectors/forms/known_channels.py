"""The connector's own copy of the form channels: by key, the greatest version counts."""

from collections.abc import Iterable
from uuid import UUID

from connectors.forms.form_channel import KIND, FormChannel
from shared.contracts.channels import ChannelChanged


class KnownChannels:
    """What is known of the channels; lives in memory and is rebuilt after every start."""

    def __init__(self) -> None:
        self._by_key: dict[str, FormChannel] = {}
        self._by_id: dict[UUID, FormChannel] = {}
        self._gone: dict[UUID, int] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, key: str) -> FormChannel | None:
        """Return the channel of a key, if it is known."""
        return self._by_key.get(key)

    def of(self, channel_id: UUID) -> FormChannel | None:
        """Return the channel of an id, if it is known."""
        return self._by_id.get(channel_id)

    def hear(self, event: ChannelChanged) -> None:
        """Take in what an event says, unless something newer is known."""
        if event.deleted:
            self._drop(event.channel_id, event.version)
        elif event.kind == KIND:
            self.put(FormChannel.of(event))

    def put(self, channel: FormChannel) -> None:
        """Keep the channel, unless something newer is known."""
        known = self._by_id.get(channel.id)
        if (known and known.version >= channel.version) or self._gone.get(channel.id, 0) >= channel.version:
            return
        if known and known.key != channel.key:
            self._by_key.pop(known.key, None)
        self._by_id[channel.id] = channel
        self._by_key[channel.key] = channel

    def keep_only(self, present: Iterable[UUID], before: frozenset[UUID]) -> None:
        """Forget what was known `before` a whole reading of the owner's list and is not `present` in it."""
        for channel_id in before - frozenset(present):
            self._drop(channel_id, 0)

    def ids(self) -> frozenset[UUID]:
        """Return the ids of the known channels."""
        return frozenset(self._by_id)

    def _drop(self, channel_id: UUID, version: int) -> None:
        if version:
            self._gone[channel_id] = version
        if known := self._by_id.pop(channel_id, None):
            self._by_key.pop(known.key, None)
