"""What can go wrong with a file."""

from shared.kernel.errors import BusyError, InvalidError, MissingError


class BadFileKeyError(InvalidError):
    """This is not a key of the file store."""

    slug = "bad-file-key"


class FileMissingError(MissingError):
    """There is no such file."""

    slug = "file-not-found"


class FileStoreAwayError(BusyError):
    """The file store did not take or give the file."""

    slug = "file-store-away"
