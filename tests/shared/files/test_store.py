"""The file store over a local folder."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.files.errors import BadFileKeyError, FileMissingError, FileStoreAwayError
from shared.files.store import FileStore

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def open_in(folder: Path) -> FileStore:
    return FileStore(folder.as_uri(), clock=lambda: NOON)


async def test_what_was_put_is_got_back_byte_for_byte(tmp_path: Path) -> None:
    store = open_in(tmp_path / "files of ours")
    data = bytes(range(256)) * 1_000
    key = await store.put(data, "application/pdf")
    assert await store.get(key) == data


async def test_a_key_is_dated_and_unguessable_and_says_only_the_type(tmp_path: Path) -> None:
    store = open_in(tmp_path)
    keys = {await store.put(b"x", "text/plain; charset=windows-1251") for _ in range(50)}
    assert len(keys) == 50
    assert all(re.fullmatch(r"2026/11/20/[\w-]{32}\.txt", key) for key in keys)


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "", "../../x", "text/plain/../html"])
async def test_a_type_that_a_browser_would_run_is_stored_as_plain_bytes(
    tmp_path: Path, content_type: str
) -> None:
    assert (await open_in(tmp_path).put(b"<script>", content_type)).endswith(".bin")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../../etc/passwd",
        "2026/11/20/../../../x.bin",
        "/etc/passwd",
        "2026/11/20/short.bin",
        "2026\x00",
        "а/б",
    ],
)
async def test_a_key_that_is_not_ours_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadFileKeyError):
        await open_in(tmp_path).get(key)


async def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        await open_in(tmp_path).get(f"2026/11/20/{'a' * 32}.bin")


async def test_a_store_that_cannot_be_written_says_so_and_leaves_no_half_file(tmp_path: Path) -> None:
    store = open_in(tmp_path)
    (tmp_path / "2026").write_text("a file where the folder should be")
    with pytest.raises(FileStoreAwayError):
        await store.put(b"x")
    assert os.listdir(tmp_path) == ["2026"]  # noqa: PTH208 - a look at the folder from an async test


async def test_without_an_address_files_lie_in_a_local_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = await FileStore("").put(b"here")
    assert (tmp_path / ".local" / "files" / key).read_bytes() == b"here"


def test_an_address_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        FileStore("nowhere://x")


async def test_notes_are_found_by_their_time_and_deleted(tmp_path: Path) -> None:
    store = open_in(tmp_path)
    note = await store.put_note("forms", b"{}")
    assert await store.get(note) == b"{}"
    assert await store.notes("forms", before=NOON) == []
    assert await store.notes("other", before=NOON + timedelta(seconds=1)) == []
    assert await store.notes("forms", before=NOON + timedelta(seconds=1)) == [(note, NOON)]
    key = store.new_key()
    assert await store.put(b"x", key=key) == key
    for gone in (note, key, key):
        await store.delete(gone)
    assert await store.notes("forms", before=NOON + timedelta(seconds=1)) == []
    with pytest.raises(FileMissingError):
        await store.get(key)
    for wrong in ("notes/forms/../../x.json", "../x", "/etc/passwd"):
        with pytest.raises(BadFileKeyError):
            await store.delete(wrong)
