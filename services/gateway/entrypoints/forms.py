"""The form of one of our pages, read so that whoever sends it decides nothing about how it is decoded."""

from fastapi import Request
from python_multipart.multipart import parse_options_header

from shared.kernel.errors import InvalidError

_MOST_FIELDS = 50
_LONGEST_FIELD = 64 * 1024
_LONGEST_TYPE = 300
_URLENCODED, _MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"
_UTF_8 = {b"utf-8", b"utf8"}


class UnreadableFormError(InvalidError):
    """A form has to be UTF-8, urlencoded or in parts."""

    slug = "unreadable-form"


async def fields_of(request: Request) -> dict[str, str]:
    """Return the text fields of the form in a request, none when it has no body; UnreadableFormError for others."""
    _require_readable(request.headers.get("content-type", ""))
    form = await request.form(max_fields=_MOST_FIELDS, max_files=0, max_part_size=_LONGEST_FIELD)
    return {name: _plain(value) for name, value in form.items() if isinstance(value, str)}


def _require_readable(content_type: str) -> None:
    """Look at the type before anything is decoded: some codecs that it could name are slow, others raise."""
    if not content_type:
        return
    if len(content_type) > _LONGEST_TYPE:
        raise UnreadableFormError
    kind, options = parse_options_header(content_type)
    if kind != _URLENCODED and (
        kind != _MULTIPART or options.get(b"charset", b"utf-8").lower() not in _UTF_8
    ):
        raise UnreadableFormError


def _plain(value: str) -> str:
    """Return the text without what neither a database nor UTF-8 takes."""
    return value.replace("\x00", "").encode(errors="replace").decode()
