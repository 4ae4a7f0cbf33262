"""Files of a form: what they are by their bytes, a harmless name, and how much of them is taken."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from shared.kernel.errors import InvalidError
from shared.kernel.text import safe_text

MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_TOTAL = 20 * 1024 * 1024

PLAIN = "application/octet-stream"
_LONGEST_NAME = 120
_LONGEST_SUFFIX = 16
_NAMELESS = "file"
_TOO_LARGE = 413
_WORTH_DECODING = 4 * 1024  # bytes of a file that tell whether it is text

# Letters that turn the order of what is read around ("exe.fdp" for "pdf.exe"), or are not seen at all.
_DECEIVING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]')

_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"AC10", "image/vnd.dwg"),
    (b"{\\rtf", "application/rtf"),
)


class TooMuchInFilesError(InvalidError):
    """The files of the form are too many or too large."""

    slug = "too-large"

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail, status=_TOO_LARGE, errors=[{"field": field[:200], "detail": detail}])


class File(NamedTuple):
    """A file that came in the field `field`; its name is harmless, its type is what its bytes are."""

    field: str
    name: str
    content: bytes
    content_type: str


def take_file(files: list[File], field: str, filename: str, content: bytes) -> None:
    """Add a file to those of the form; TooMuchInFilesError when it is one too many or too large."""
    if len(files) >= MOST_FILES:
        raise TooMuchInFilesError(field, f"There are more than {MOST_FILES} files.")
    if len(content) > LARGEST_FILE:
        raise TooMuchInFilesError(field, f"The file is larger than {LARGEST_FILE} bytes.")
    if sum(len(file.content) for file in files) + len(content) > LARGEST_TOTAL:
        raise TooMuchInFilesError(field, f"The files are larger than {LARGEST_TOTAL} bytes together.")
    files.append(File(field, safe_name(filename), content, type_of(content)))


def safe_name(filename: str) -> str:
    """Return the last part of a file's name without anything that a disk, a header or a reader could trip over."""
    last = safe_text(filename.replace("\\", "/").rstrip("/ ").rpartition("/")[2])
    clean = " ".join(_NO_NAME.sub(" ", _DECEIVING.sub("", last)).split()).strip(". ")
    if len(clean) > _LONGEST_NAME:
        suffix = PurePosixPath(clean).suffix
        suffix = suffix if len(suffix) <= _LONGEST_SUFFIX else ""
        clean = clean[: _LONGEST_NAME - len(suffix)].rstrip(". ") + suffix
    return clean or _NAMELESS


def type_of(content: bytes) -> str:
    """Return what the bytes are; whatever a browser could run is plain bytes, and so is what nobody knows."""
    for beginning, found in _BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content.startswith(b"PK\x03\x04"):
        return _of_archive(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"BM") and content[6:10] == bytes(4):
        return "image/bmp"
    if content[4:8] == b"ftyp":
        return _of_container(content[8:12])
    return "text/plain" if _is_text(content[:_WORTH_DECODING]) else PLAIN


def _of_archive(content: bytes) -> str:
    """Return what a zip archive holds: an office document names its parts in the directory at its end."""
    head, tail = content[:_WORTH_DECODING], content[-64 * 1024 :]
    if head[30:38] == b"mimetype" and head[38:].startswith(b"application/vnd.oasis.opendocument."):
        return head[38:100].partition(b"PK")[0].decode("ascii", "ignore")
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail:
        for part, found in _OFFICE.items():
            if part in tail or part in head:
                return found
    return "application/zip"


def _of_container(brand: bytes) -> str:
    if brand in {b"heic", b"heix", b"mif1", b"msf1"}:
        return "image/heic"
    if brand == b"avif":
        return "image/avif"
    return "audio/mp4" if brand.startswith(b"M4A") else "video/mp4"


def _is_text(begin: bytes) -> bool:
    """Say whether the bytes are text of no markup: what begins with `<` may be a page with a script."""
    try:
        text = begin.decode()
    except UnicodeDecodeError as error:
        if len(begin) < _WORTH_DECODING or error.start < len(begin) - 3:  # not just cut inside of a letter
            return False
        text = begin[: error.start].decode()
    return bool(text) and not text.lstrip("\ufeff \t\r\n").startswith("<") and not _NO_TEXT.search(text)
