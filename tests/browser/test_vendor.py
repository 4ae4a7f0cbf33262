"""The examiner is the released file that the manifest names."""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"


def test_vendored_files_are_those_of_the_manifest() -> None:
    rows = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    assert rows
    for row in rows:
        file = VENDOR / row["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"]
        assert (file.parent / "LICENSE").exists()
