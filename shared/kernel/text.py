"""Text from outside made storable: what PostgreSQL and JSON cannot hold is replaced, nothing is refused."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def safe_text(value: str) -> str:
    """Return the text with NUL bytes and lone surrogates as U+FFFD and without other control characters."""
    if value.isprintable():  # nearly everything is, and this costs a tenth
        return value
    return _CONTROL.sub("", _UNSTORABLE.sub("\ufffd", value))
