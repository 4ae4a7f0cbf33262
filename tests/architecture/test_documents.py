"""The documents: what they link to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\]\(([^)#]+)")

documents = [
    path
    for path in ROOT.rglob("*.md")
    if not {"node_modules", ".venv", ".local", "vendor", ".hypothesis", ".pytest_cache"}
    & set(path.relative_to(ROOT).parts)
]


@pytest.mark.parametrize("document", documents, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = [link for link in _LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []
