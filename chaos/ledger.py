"""The journal: a line before each send and after each answer, on disk before anything else happens."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

Outcome = Literal["ok", "fail", "doubt"]
"""Accepted; surely not accepted; nobody knows: a timeout, a cut connection, a 5xx."""


def digest(body: bytes | str) -> str:
    """Return the hash by which a body is known in the journal."""
    return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()


@dataclass(slots=True)
class Event:
    """What the journal says about one event: the bodies that were sent, from whom, and what was answered."""

    key: str
    phone: str
    hashes: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)
    answered_ids: set[str] = field(default_factory=set)
    sends: int = 0
    answers: int = 0
    poison: bool = False

    @property
    def accepted(self) -> bool:
        """Whether any answer said that it was accepted."""
        return "ok" in self.outcomes

    @property
    def in_doubt(self) -> bool:
        """Whether it may have been accepted: some answer was in doubt, or never came."""
        return not self.accepted and ("doubt" in self.outcomes or self.answers < self.sends)


@dataclass(slots=True)
class Promises:
    """Everything that the journal holds: events by their key, and acknowledged versions by owner and record."""

    events: dict[str, Event] = field(default_factory=dict)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, line: dict[str, Any]) -> None:
        """Take in one line."""
        if line["line"] == "changed":
            record = (line["owner"], line["id"])
            self.versions[record] = max(line["version"], self.versions.get(record, 0))
            return
        event = self.events.setdefault(line["key"], Event(line["key"], line.get("phone", "")))
        if line["line"] == "send":
            event.sends += 1
            event.hashes.add(line["hash"])
            event.poison = event.poison or line.get("poison", False)
            return
        event.answers += 1
        event.outcomes.add(line["outcome"])
        if line.get("id"):
            event.answered_ids.add(line["id"])

    def of(self, prefix: str) -> list[Event]:
        """Return the events of one act."""
        return [event for key, event in self.events.items() if key.startswith(prefix)]


class Ledger:
    """Writes the journal; what it says is also kept at hand for the progress of a run."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        self._out = file.open("ab", buffering=0)  # a line is in the kernel's hands before the send
        self.promises = Promises()

    def send(self, key: str, body: bytes, phone: str, *, poison: bool = False) -> None:
        """Say that a body is about to be sent."""
        self._write(
            line="send", key=key, hash=digest(body), phone=phone, **({"poison": True} if poison else {})
        )

    def answer(
        self, key: str, outcome: Outcome, *, status: int = 0, why: str = "", given_id: str = ""
    ) -> None:
        """Say what was answered."""
        self._write(line="answer", key=key, outcome=outcome, status=status, why=why, id=given_id)

    def changed(self, owner: str, record: str, version: int) -> None:
        """Say that an owner acknowledged this version of a record."""
        self._write(line="changed", owner=owner, id=record, version=version)

    def _write(self, **line: Any) -> None:
        line["at"] = round(time.time(), 3)
        self._out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.promises.take(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a journal; the last one may be cut."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


def promises(lines: Iterable[dict[str, Any]]) -> Promises:
    """Return what the lines promise."""
    found = Promises()
    for line in lines:
        found.take(line)
    return found
