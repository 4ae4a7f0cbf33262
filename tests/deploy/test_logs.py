"""Log files that do not grow without end, and records as lines for a person."""

import asyncio
import json
from pathlib import Path

from deploy.local.console import readable
from deploy.local.logs import LogFile, pump


def test_a_full_log_file_is_put_aside_and_three_are_kept(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "leads.log", file_bytes=100)
    for number in range(40):
        log.write(f"line number {number:03}".encode())
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["leads.log", "leads.log.1", "leads.log.2"]
    assert (tmp_path / "leads.log").read_text().endswith("line number 039\n")
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())


def test_a_log_goes_on_where_an_earlier_start_has_ended(tmp_path: Path) -> None:
    for number in range(2):
        log = LogFile(tmp_path / "leads.log")
        log.write(f"start {number}".encode())
        log.close()
    assert (tmp_path / "leads.log").read_text() == "start 0\nstart 1\n"


async def test_a_stream_is_cut_into_lines_however_it_arrives() -> None:
    stream = asyncio.StreamReader()
    lines: list[bytes] = []
    for part in (b"fir", b"st\r\nsecond\nthi", b"rd"):
        stream.feed_data(part)
    stream.feed_eof()
    await pump(stream, lines.append)
    assert lines == [b"first", b"second", b"third"]


async def test_a_line_without_end_does_not_fill_the_memory() -> None:
    stream = asyncio.StreamReader()
    lines: list[bytes] = []
    stream.feed_data(b"x" * 2_500_000)
    stream.feed_eof()
    await pump(stream, lines.append)
    assert sum(map(len, lines)) == 2_500_000
    assert max(map(len, lines)) < 1_100_000


def test_a_record_is_shown_as_one_line() -> None:
    record = {
        "event": "request failed",
        "level": "warning",
        "timestamp": "2026-03-01T10:00:00Z",
        "unit": "leads",
        "path": "/api/v1/leads",
    }
    shown = readable(json.dumps(record).encode())
    assert shown.endswith("warning request failed path=/api/v1/leads")
    assert "\n" not in shown


def test_what_is_no_record_is_shown_as_it_is() -> None:
    assert readable(b"Traceback (most recent call last):") == "Traceback (most recent call last):"
    assert readable(b"{broken") == "{broken"
