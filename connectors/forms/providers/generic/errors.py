"""Why a body cannot be taken."""

from shared.kernel.errors import InvalidError


class EmptyBodyError(InvalidError):
    """The body is empty: there is no field in it."""

    slug = "empty-body"


class UnreadableBodyError(InvalidError):
    """The body is neither a form nor JSON."""

    slug = "unreadable-body"
