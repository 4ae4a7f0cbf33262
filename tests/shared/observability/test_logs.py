"""Logs are one line per event and hold no secrets."""

import json
import logging

import pytest
import structlog

from shared.observability import logs

pytestmark = pytest.mark.usefixtures("logs_restored")


def test_a_line_is_json_with_unit_level_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("leads", fmt="json", level="info")
    structlog.get_logger("fresh").info("something happened", lead="№ 12")
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["unit"], line["level"], line["lead"]) == (
        "something happened",
        "leads",
        "info",
        "№ 12",
    )
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_values_under_secret_names_are_never_written(fmt: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("staff", fmt=fmt, level="info")
    structlog.get_logger("fresh").info(
        "x",
        password="hunter2",
        access_token="hunter2",
        Authorization="hunter2",
        headers={"Cookie": "hunter2"},
        tries=[{"secret": "hunter2"}],
    )
    written = capsys.readouterr().out
    assert "***" in written
    assert "hunter2" not in written


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("staff", fmt="json", level="warning")
    structlog.get_logger("fresh").info("quiet")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("fmt", ["json", "console"])
def test_a_traceback_shows_no_local_variables(fmt: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("staff", fmt=fmt, level="info")

    def fail(hidden: str) -> int:
        return 1 // (len(hidden) - 7)

    try:
        fail("hunter" + str(2))
    except ZeroDivisionError as error:
        structlog.get_logger("fresh").error("failed", exc_info=error)
    written = capsys.readouterr().out
    assert "ZeroDivisionError" in written
    assert "hunter2" not in written


def test_the_standard_loggers_write_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("staff", fmt="json", level="info")
    logging.getLogger("some.library").warning("odd: %s", 1)
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["unit"], line["level"]) == ("odd: 1", "staff", "warning")
