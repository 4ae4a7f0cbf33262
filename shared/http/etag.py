"""Versions on the wire: ETag out, If-Match in (B25)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import Request, Response

from shared.kernel.errors import InvalidError, StaleVersionError

_MOST_DIGITS = 19


class VersionNeededError(InvalidError):
    """Say in If-Match which version you are changing."""

    slug = "version-needed"


def put_etag(response: Response, version: int) -> None:
    """Set the ETag of a record."""
    response.headers["ETag"] = f'"{version}"'


def if_match(request: Request) -> int | None:
    """Return the version named in If-Match, None for `*`; VersionNeededError (428) when there is none."""
    given = request.headers.get("if-match", "").strip()
    if not given:
        raise VersionNeededError(status=428)
    if given == "*":
        return None
    number = given.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        raise VersionNeededError("If-Match holds no version of ours", status=400)
    return int(number)


def version_seen(request: Request) -> int | None:
    """Return the version named in If-Match where naming one is the caller's choice; None without one."""
    return if_match(request) if "if-match" in request.headers else None


@contextmanager
def showing_current(shown: Callable[[Any], Any]) -> Iterator[None]:
    """Let the 412 of the block carry the current record as it is shown, never as it is stored (B25)."""
    try:
        yield
    except StaleVersionError as error:
        error.extra["current"] = shown(error.extra["current"])
        raise
