"""Text from outside made storable: what PostgreSQL and JSON cannot hold is replaced, nothing is refused."""

import re
import unicodedata

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE = re.compile(
    "[\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff]"
)


def safe_text(value: str) -> str:
    """Return the text with NUL bytes and lone surrogates as U+FFFD and without other control characters."""
    if value.isprintable():  # nearly everything is, and this costs a tenth
        return value
    return _CONTROL.sub("", _UNSTORABLE.sub("\ufffd", value))


def visible(value: str) -> str:
    """Return the text as it looks: wide letters made narrow, spaces plain, signs without width gone.

    For short texts only: what Unicode's normal form costs may grow with the square of the length.
    """
    if value.isascii():
        return value
    text = unicodedata.normalize("NFKC", value)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)) if _INVISIBLE.search(text) else text
