"""Bytes of a form into text: UTF-8 where they are UTF-8, else what the sender declared, else windows-1251."""

_KNOWN = {
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "win-1251": "cp1251",
    "koi8-r": "koi8_r",
    "ibm866": "cp866",
    "cp866": "cp866",
    "iso-8859-5": "iso8859_5",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
}
CHARSET_FIELD = b"_charset_"
"""The field in which a browser writes the charset of a form, if the form has it."""

_FALLBACK = "cp1251"  # old Russian sites send it without saying so
_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def to_text(data: bytes, declared: str = "") -> str:
    """Return the text; whatever the bytes are, nothing is refused.

    UTF-8 is tried first even if something else is declared: Russian text in a single-byte charset is not valid
    UTF-8, while pages that declare the wrong charset are common.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(_KNOWN.get(declared.lower(), _FALLBACK), errors="replace")


def to_texts(pairs: list[tuple[bytes, bytes]], declared: str = "") -> list[tuple[str, str]]:
    """Return the texts of a form that is in one charset: all of it as declared, if any of it is not UTF-8.

    Without a known declaration each text is taken for itself: a form may be put together of several sources.
    """
    try:
        return [(name.decode(), value.decode()) for name, value in pairs]
    except UnicodeDecodeError:
        pass
    known = _KNOWN.get(declared.lower())
    if known is None:
        return [(to_text(name), to_text(value)) for name, value in pairs]
    return [(name.decode(known, "replace"), value.decode(known, "replace")) for name, value in pairs]


def without_mark(body: bytes) -> bytes:
    """Return the body in UTF-8 without its byte order mark, if it has one."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace").encode(errors="replace")
    return body.removeprefix(b"\xef\xbb\xbf")
