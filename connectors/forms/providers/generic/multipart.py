"""`multipart/form-data`: text parts as values, files by their name and beside the values as what they are."""

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from connectors.forms.providers.generic.charset import CHARSET_FIELD, to_text, to_texts
from connectors.forms.providers.generic.entries import MOST_ENTRIES, Pair
from connectors.forms.providers.generic.errors import UnreadableBodyError
from connectors.forms.providers.generic.files import File, safe_name, take_file

_LONGEST_BOUNDARY = 200
_LONGEST_HEADER = 8 * 1024


class _Collector:
    """Gathers the parts that the parser reports."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, bytes]] = []  # Content-Disposition and content
        self._field = b""
        self._header = b""
        self._disposition = b""
        self._content = bytearray()

    def on_part_begin(self) -> None:
        self._disposition = b""
        self._content = bytearray()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def on_part_end(self) -> None:
        if len(self.parts) < MOST_ENTRIES:
            self.parts.append((self._disposition, bytes(self._content)))

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._header[:_LONGEST_HEADER]
        self._field = self._header = b""


def read_multipart(body: bytes, content_type: str, charset: str, files: list[File]) -> list[Pair]:
    """Return the parts that are texts as pairs, and add the files to `files`.

    UnreadableBodyError when there is no part to be read, TooMuchInFilesError when there is too much in files. A
    body that breaks off keeps the parts that came whole.
    """
    collector = _Collector()
    names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end")
    callbacks = {f"on_{name}": getattr(collector, f"on_{name}") for name in names}
    try:
        parser = MultipartParser(_boundary(body, content_type), callbacks)  # type: ignore[arg-type]
        parser.write(body)
    except (MultipartParseError, ValueError) as error:
        if not collector.parts:
            raise UnreadableBodyError(f"multipart: {error}") from error
    if not collector.parts:
        raise UnreadableBodyError("multipart: no part came whole")
    return _pairs(collector.parts, charset, files)


def _boundary(body: bytes, content_type: str) -> bytes:
    """Return the declared boundary, or the one that the body begins with."""
    _, options = parse_options_header(content_type)
    declared = options.get(b"boundary", b"")
    first = body.lstrip(b"\r\n").split(b"\n", 1)[0].strip()
    if declared and b"--" + declared in body:
        return declared
    if not first.startswith(b"--") or not 2 < len(first) <= _LONGEST_BOUNDARY:  # noqa: PLR2004 - the two dashes
        raise UnreadableBodyError("multipart: there is no boundary")
    return first[2:]


def _pairs(parts: list[tuple[bytes, bytes]], charset: str, files: list[File]) -> list[Pair]:
    """Return name and value of each part that is no file; an empty file is a value, its harmless name."""
    texts: list[tuple[bytes, bytes]] = []
    empty: set[int] = set()
    for disposition, content in parts:
        _, options = parse_options_header(disposition)
        name = options.get(b"name", b"")
        filename = options.get(b"filename")
        if filename is None:
            texts.append((name, content))
            charset = to_text(content).strip() if name == CHARSET_FIELD and content else charset
        elif content:
            take_file(files, to_text(name, charset), to_text(filename, charset), content)
        elif filename:
            empty.add(len(texts))
            texts.append((name, filename))
    pairs = to_texts(texts, charset)
    return [(name, safe_name(value) if at in empty else value) for at, (name, value) in enumerate(pairs)]
