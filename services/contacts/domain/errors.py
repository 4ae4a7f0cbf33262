"""What can be wrong with a contact."""

from shared.kernel.errors import InvalidError, MissingError


class ContactMissingError(MissingError):
    """There is no such contact."""

    slug = "contact-not-found"


class PointUnreadableError(InvalidError):
    """The value is not a contact point of its kind."""

    slug = "point-unreadable"


class PointTwiceError(InvalidError):
    """The contact has this point already."""

    slug = "point-twice"
