"""`python -m deploy.docs` writes docs/events.md and docs/asyncapi.json; `--check` only says whether they are current."""

import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.docs.asyncapi import document
from deploy.docs.catalogue import catalogue
from deploy.docs.markdown import page

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its name."""
    messages = catalogue()
    return {"events.md": page(messages), "asyncapi.json": document(messages)}


def main(arguments: Sequence[str], folder: Path = DOCS) -> int:
    """Write or compare the pages; 1 when one differs, 2 for a wrong call."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m deploy.docs [--check]\n")
        return 2
    found = pages()
    if not arguments:
        for name, text in found.items():
            (folder / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in found.items() if _read(folder / name) != text]
    for name in stale:
        sys.stderr.write(f"docs/{name} differs from the contracts: run `make docs`\n")
    return 1 if stale else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
