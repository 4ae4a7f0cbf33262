"""Log records on the terminal: one line each, with the name of the program before it."""

import json
from datetime import datetime
from typing import Any

from deploy.local.progress import Progress

_NAME_WIDTH = 10
_HEAD = ("event", "level", "timestamp", "unit", "exception")


class Console:
    """Shows the records once the system is up; before that they only go to the log files."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.open = False

    def take(self, name: str, line: bytes) -> None:
        """Show a line of a program."""
        if self.open and line:
            self._progress.say(f"{name:<{_NAME_WIDTH}} {readable(line)}")


def readable(line: bytes) -> str:
    """Return a JSON record as `time level event key=value …`, and any other line as it is."""
    text = line.decode("utf-8", "replace")
    if not text.startswith("{"):
        return text
    try:
        record: dict[str, Any] = json.loads(text)
    except ValueError:
        return text
    rest = " ".join(f"{key}={value}" for key, value in record.items() if key not in _HEAD)
    said = f"{_time(record.get('timestamp'))} {record.get('level', ''):<7} {record.get('event', '')} {rest}".rstrip()
    exception = record.get("exception")
    return f"{said}\n{exception}" if exception else said


def _time(stamp: object) -> str:
    try:
        return datetime.fromisoformat(str(stamp)).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return "--:--:--"
