"""The samples of what forms send, with what is expected of each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "payloads"
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sample:
    """One post and what it says."""

    file: str
    headers: dict[str, str]
    said: dict[str, Any]
    provider: str = "generic"
    external_id: str = ""

    @property
    def body(self) -> bytes:
        """The bytes on the wire."""
        return (FOLDER / self.file).read_bytes()


SAMPLES = [Sample(**item) for item in orjson.loads((FOLDER / "expected.json").read_bytes())]
