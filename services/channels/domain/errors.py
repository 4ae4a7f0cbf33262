"""What can be wrong with a channel."""

from shared.kernel.errors import InvalidError, MissingError


class UnknownProviderError(InvalidError):
    """The kind of channel has no such provider."""

    slug = "unknown-provider"


class NoSuchKeyOfSettingsError(InvalidError):
    """A channel has no such setting."""

    slug = "unknown-setting"


class WrongConnectionError(InvalidError):
    """A setting of the connection is not what it should be."""

    slug = "wrong-connection"


class NotAFormError(InvalidError):
    """This channel is no form of a site."""

    slug = "not-a-form"


class ChannelMissingError(MissingError):
    """There is no such channel."""

    slug = "channel-not-found"
