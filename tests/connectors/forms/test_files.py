"""Files of forms: what they are, what they are called, how much of them is taken, and where they stay."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from connectors.forms.providers.generic.files import (
    LARGEST_FILE,
    MOST_FILES,
    File,
    TooMuchInFilesError,
    safe_name,
    take_file,
    type_of,
)
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.uploads import Uploads
from shared.files.errors import FileMissingError, FileStoreAwayError
from shared.files.store import FileStore
from shared.kernel.errors import BusyError, MissingError
from tests.connectors.forms.test_bodies import multipart

MULTIPART = "multipart/form-data; boundary=----x"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def archive(*names: str, first: bytes = b"") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        if first:
            made.writestr("mimetype", first)
        for name in names:
            made.writestr(name, "x")
    return whole.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic\0", "image/heic"),
        (b"\0\0\0\x18ftypisom\0", "video/mp4"),
        (b"BM\x9a\0\0\0\0\0\0\0", "image/bmp"),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (archive("a.txt"), "application/zip"),
        (archive("x", first=b"application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        ("Просто текст\r\n".encode(), "text/plain"),
        ("ы".encode() * 3_000, "text/plain"),
        (b"BMW, please", "text/plain"),
        (b"<html><script>alert(1)</script>", "application/octet-stream"),
        (b"\xef\xbb\xbf <svg onload=alert(1)>", "application/octet-stream"),
        (b"MZ\x90\0\x03", "application/octet-stream"),
        (b"\xcf\xf0\xe8\xe2\xe5\xf2", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(content: bytes, found: str) -> None:
    assert type_of(content) == found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("план участка.pdf", "план участка.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Пётр\\план.pdf", "план.pdf"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a\ufffdb Set-Cookie x.pdf"),
        ("счёт\u202efdp.exe", "счётfdp.exe"),
        ('"><script>.pdf', "script .pdf"),
        (".htaccess", "htaccess"),
        ("\ud800.pdf", "\ufffd.pdf"),
        ("x" * 4_000 + ".pdf", "x" * 116 + ".pdf"),
        ("x." + "y" * 4_000, "x." + "y" * 118),
    ],
)
def test_a_hostile_name_becomes_a_harmless_one(given: str, kept: str) -> None:
    assert safe_name(given) == kept
    assert safe_name(kept) == kept


def test_files_stand_beside_the_values_of_their_form() -> None:
    files: list[File] = []
    body = multipart(
        ('name="phone"', b"1"),
        ('name="план"; filename="..\\\\..\\\\план.pdf"\r\nContent-Type: text/html', b"%PDF-1.4"),
        ('name="photo"; filename=""', b""),
        ('name="empty"; filename="../../пусто\u202etxt.exe"', b""),
    )
    entries = read_body(body, MULTIPART, files)
    assert [(entry.name, entry.value) for entry in entries] == [("phone", "1"), ("empty", "пустоtxt.exe")]
    assert files == [File("план", "план.pdf", b"%PDF-1.4", "application/pdf")]


def test_a_form_of_a_file_alone_is_no_empty_body() -> None:
    files: list[File] = []
    body = multipart(('name="план"; filename="план.pdf"', b"%PDF-1.4"))
    assert read_body(body, MULTIPART, files) == read_body(body, MULTIPART) == []
    assert [file.name for file in files] == ["план.pdf"]


def test_names_of_fields_and_files_are_read_in_the_charset_that_the_form_names() -> None:
    files: list[File] = []
    parts = (
        ('name="_charset_"', b"koi8-r"),
        ('name="имя"', "Пётр".encode()),
        ('name="f"; filename="план"', b"%PDF-"),
    )
    body = multipart(*parts).decode().encode("koi8_r")
    assert [(entry.name, entry.value) for entry in read_body(body, MULTIPART, files)] == [
        ("_charset_", "koi8-r"),
        ("имя", "Пётр"),
    ]
    assert [(file.field, file.name) for file in files] == [("f", "план")]


def test_too_many_or_too_large_files_are_refused_with_the_field() -> None:
    files: list[File] = []
    for number in range(MOST_FILES):
        take_file(files, "f", f"{number}", b"x")
    with pytest.raises(TooMuchInFilesError) as refused:
        take_file(files, "eleventh", "a", b"x")
    assert refused.value.extra["errors"][0]["field"] == "eleventh"
    with pytest.raises(TooMuchInFilesError, match="larger than 10485760"):
        take_file([], "f", "a", bytes(LARGEST_FILE + 1))
    full = [File("f", "a", bytes(LARGEST_FILE), "")] * 2
    with pytest.raises(TooMuchInFilesError, match="together"):
        take_file(full, "f", "a", b"x")


class Inquiries:
    """Leads as the sweep asks it."""

    def __init__(self) -> None:
        self.known: dict[UUID, list[str]] = {}
        self.away = False

    async def get(self, path: str) -> object:
        """Read an inquiry."""
        if self.away:
            raise BusyError
        inquiry_id = UUID(path.rpartition("/")[2])
        if inquiry_id not in self.known:
            raise MissingError
        return {"attachments": [{"key": key} for key in self.known[inquiry_id]]}


@pytest.fixture
def now() -> list[datetime]:
    return [NOON]


@pytest.fixture
def store(tmp_path: Path, now: list[datetime]) -> FileStore:
    return FileStore(tmp_path.as_uri(), clock=lambda: now[0])


async def exists(store: FileStore, key: str) -> bool:
    try:
        return bool(await store.get(key))
    except FileMissingError:
        return False


FILES = [File("f", "a.pdf", b"%PDF-1", "application/pdf"), File("f", "b.txt", b"text", "text/plain")]


async def test_stored_files_are_named_by_keys_of_our_own(store: FileStore, now: list[datetime]) -> None:
    uploads = Uploads(store, lambda: now[0])
    found = await uploads.store(uuid4(), FILES)
    assert [(item.name, item.content_type, item.size) for item in found] == [
        ("a.pdf", "application/pdf", 6),
        ("b.txt", "text/plain", 4),
    ]
    assert [await store.get(item.key) for item in found] == [b"%PDF-1", b"text"]
    assert all(item.key.startswith("2026/11/24/") and item.key.endswith(".bin") for item in found)
    assert await uploads.store(uuid4(), []) == ()


async def test_files_that_the_stored_inquiry_does_not_name_are_swept_after_a_day(
    store: FileStore, now: list[datetime]
) -> None:
    uploads, leads, inquiry = Uploads(store, lambda: now[0]), Inquiries(), uuid4()
    first = await uploads.store(inquiry, FILES)
    repeat = await uploads.store(inquiry, FILES)
    leads.known[inquiry] = [item.key for item in first]
    assert await uploads.sweep(leads) == 0
    now[0] += timedelta(days=1, minutes=1)
    leads.away = True
    with pytest.raises(BusyError):
        await uploads.sweep(leads)
    leads.away = False
    assert await uploads.sweep(leads) == 2
    assert [await exists(store, item.key) for item in (*first, *repeat)] == [True, True, False, False]
    assert await store.notes("forms", before=now[0]) == []


async def test_files_of_an_inquiry_that_never_came_are_kept_for_thirty_days(
    store: FileStore, now: list[datetime]
) -> None:
    uploads, leads = Uploads(store, lambda: now[0]), Inquiries()
    (file, _) = await uploads.store(uuid4(), FILES)
    now[0] += timedelta(days=29)
    assert await uploads.sweep(leads) == 0
    now[0] += timedelta(days=2)
    assert await uploads.sweep(leads) == 2
    assert not await exists(store, file.key)


async def test_a_note_is_there_before_the_files(
    store: FileStore, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> str:
        raise FileStoreAwayError

    monkeypatch.setattr(FileStore, "put", fail)
    with pytest.raises(FileStoreAwayError):
        await Uploads(store, lambda: now[0]).store(uuid4(), FILES)
    assert len(await store.notes("forms", before=NOON + timedelta(days=2))) == 1
