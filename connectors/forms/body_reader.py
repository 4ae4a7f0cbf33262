"""Reading the bodies of posts: how large one may be by its kind, and how much of them is in memory at once."""

from fastapi import Request
from starlette.requests import ClientDisconnect

from connectors.forms.providers.generic.files import LARGEST_TOTAL
from shared.http.app import BODY_LIMIT
from shared.kernel.errors import BusyError, InvalidError

WITH_FILES = LARGEST_TOTAL + BODY_LIMIT
"""The largest body of all: files and what is written beside them."""
_MULTIPART = "multipart/form-data"
_MOST_AT_ONCE = 96 * 1024 * 1024
_TOO_LARGE = 413


class BrokenOffError(InvalidError):
    """The body broke off before its end."""

    slug = "broken-off"


class TooLargeError(InvalidError):
    """The body is larger than a form without files may be."""

    slug = "too-large"


class TooManyFilesError(BusyError):
    """So many files are being sent right now that no more fit; send it again in a moment."""

    slug = "too-many-files"


class BodyReader:
    """Reads whole bodies; those over the ordinary limit share a budget of memory."""

    def __init__(self, most_at_once: int = _MOST_AT_ONCE) -> None:
        self._left = most_at_once

    async def read(self, request: Request) -> tuple[bytes, int]:
        """Return the body and how much of the budget it takes, which the caller gives back when it is done.

        BrokenOffError when the sender goes away, TooLargeError, TooManyFilesError when the budget is used up.
        """
        pieces: list[bytes] = []
        size = taken = 0
        try:
            async for piece in request.stream():
                pieces.append(piece)
                size += len(piece)
                if size > BODY_LIMIT:
                    taken += self._take(size - taken, request)
        except BaseException as error:
            self.give_back(taken)
            if isinstance(error, ClientDisconnect):
                raise BrokenOffError from error
            raise
        return (pieces[0] if len(pieces) == 1 else b"".join(pieces)), taken

    def _take(self, more: int, request: Request) -> int:
        if not request.headers.get("content-type", "").lower().startswith(_MULTIPART):
            raise TooLargeError(f"The body is larger than {BODY_LIMIT} bytes.", status=_TOO_LARGE)
        if self._left < more:
            raise TooManyFilesError
        self._left -= more
        return more

    def give_back(self, taken: int) -> None:
        """Free what a body took of the budget."""
        self._left += taken
