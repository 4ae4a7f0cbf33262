"""How many posts a channel takes in a minute, where its settings limit that."""

from uuid import UUID

from connectors.forms.form_channel import FormChannel
from connectors.forms.rate_limit import RateLimit, TooManyPostsError


class ChannelFloodedError(TooManyPostsError):
    """Too many posts to this form; wait a little."""


class Floods:
    """A bucket for each channel that has a limit of its own; a changed limit begins anew."""

    def __init__(self) -> None:
        self._limits: dict[UUID, tuple[int, RateLimit]] = {}

    def admit(self, channel: FormChannel) -> None:
        """ChannelFloodedError when the channel gets more than its settings allow."""
        most = channel.posts_per_minute
        if not most:
            return
        known = self._limits.get(channel.id)
        if known is None or known[0] != most:
            known = self._limits[channel.id] = most, RateLimit(most)
        try:
            known[1].take("")
        except TooManyPostsError as error:
            raise ChannelFloodedError(error.wait_s) from None
