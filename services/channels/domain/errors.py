"""What can be wrong with a channel."""

from shared.kernel.errors import InvalidError, MissingError


class UnknownProviderError(InvalidError):
    """The kind of channel has no such provider."""

    slug = "unknown-provider"


class NoSuchKeyOfSettingsError(InvalidError):
    """A channel has no such setting."""

    slug = "unknown-setting"


class ChannelMissingError(MissingError):
    """There is no such channel."""

    slug = "channel-not-found"
