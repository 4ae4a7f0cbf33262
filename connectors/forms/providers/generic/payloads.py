"""The body of a post into entries, whatever it says of itself: JSON, urlencoded, multipart, lines of text."""

import json
import re
from binascii import unhexlify

from connectors.forms.providers.generic.charset import CHARSET_FIELD, to_text, to_texts, without_mark
from connectors.forms.providers.generic.entries import MOST_ENTRIES, Entry, Pair
from connectors.forms.providers.generic.errors import EmptyBodyError, UnreadableBodyError
from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.flatten import flatten
from connectors.forms.providers.generic.multipart import read_multipart
from connectors.forms.providers.generic.pairs import entries_of

_SPACE = b" \t\r\n"
_NAMED = CHARSET_FIELD + b"="
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")  # a percent sign of anything else stays as it is


def read_body(body: bytes, content_type: str, files: list[File] | None = None) -> list[Entry]:
    """Return the entries of a body and add its files to `files`, if that is given.

    EmptyBodyError or UnreadableBodyError when there are none to be read, TooMuchInFilesError when its files are too
    many or too large.

    The declared type is believed where the body looks like it, and the look decides where it does not: forms
    that are sent by scripts declare anything.
    """
    files = [] if files is None else files
    body = without_mark(body)
    media, charset = _parse_type(content_type)
    begin = body[:2000].lstrip(_SPACE)
    if not begin.strip(b"\0"):
        raise EmptyBodyError
    if begin.startswith(b"--") and (media == "multipart/form-data" or b"form-data" in begin.lower()):
        entries = entries_of(read_multipart(body, content_type, charset, files))
    elif begin.startswith((b"{", b"[")):
        entries = _json_or_pairs(body, charset, declared=media.endswith("json"))
    elif b"=" not in body:
        raise UnreadableBodyError
    elif media == "text/plain" and b"\n" in body.strip(_SPACE):
        entries = entries_of(_lines(body, charset))
    else:
        entries = entries_of(_urlencoded(body, charset))
    if not entries and not files:
        raise EmptyBodyError
    return entries


def _parse_type(content_type: str) -> tuple[str, str]:
    """Return the media type and the charset that a Content-Type declares, in lower case."""
    media, _, rest = content_type.lower().partition(";")
    _, _, charset = rest.partition("charset=")
    return media.strip(), charset.partition(";")[0].strip(" \"'")


def _json_or_pairs(body: bytes, charset: str, *, declared: bool) -> list[Entry]:
    try:
        return _json(to_text(body, charset))
    except UnreadableBodyError:
        if declared or b"=" not in body:
            raise
        return entries_of(_urlencoded(body, charset))


def _json(text: str) -> list[Entry]:
    """Return the entries of a JSON text; numbers stay as they were written, repeated keys are all kept."""
    try:
        root = json.loads(
            text, strict=False, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str
        )
    except RecursionError as error:
        raise UnreadableBodyError("JSON: it is nested too deep") from error
    except ValueError as error:
        raise UnreadableBodyError(f"JSON: {error}") from error
    if isinstance(root, list) and not any(isinstance(item, tuple) for item in root):
        raise UnreadableBodyError("JSON: an object was expected")
    return flatten(root)


def _urlencoded(body: bytes, charset: str) -> list[Pair]:
    found: list[tuple[bytes, bytes]] = []
    for item in body.replace(b"+", b" ").split(b"&", MOST_ENTRIES)[:MOST_ENTRIES]:
        name, _, value = item.strip(b"\r\n").partition(b"=")
        if b"%" in item:
            name, value = _ESCAPES.sub(_bytes_of, name), _ESCAPES.sub(_bytes_of, value)
        if name or value:
            found.append((name, value))
    named = next((value for name, value in found if name == CHARSET_FIELD), b"") if _NAMED in body else b""
    return to_texts(found, to_text(named).strip() or charset)


def _bytes_of(found: re.Match[bytes]) -> bytes:
    return unhexlify(found.group().replace(b"%", b""))


def _lines(body: bytes, charset: str) -> list[Pair]:
    """Return the pairs of a form sent as `text/plain`; a line without a name continues the value before it."""
    pairs: list[Pair] = []
    for line in to_text(body, charset).splitlines()[:MOST_ENTRIES]:
        name, sign, value = line.partition("=")
        if sign:
            pairs.append((name, value))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line}")
    return pairs
