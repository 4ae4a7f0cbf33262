"""Addresses of pages: kept only if they lead to a page, and the utm marks in their queries."""

from urllib.parse import parse_qsl, urlsplit

from shared.kernel.text import safe_text

LONGEST_URL = 2_000
_MOST_MARKS = 20
_LONGEST_MARK = 500
_LONGEST_MARK_NAME = 40
_MOST_PARAMETERS = 200


def web_address(value: str) -> str:
    """Return the value if it is an http(s) address of a host, shortened; empty otherwise."""
    value = value.strip()[:LONGEST_URL]
    if not value.lower().startswith(("http://", "https://")):
        return ""
    try:
        return value if urlsplit(value).hostname else ""
    except ValueError:
        return ""


def marks_of(url: str) -> dict[str, str]:
    """Return the utm marks in the query of an address."""
    if "utm_" not in url:
        return {}
    try:
        query = urlsplit(url).query
        pairs = parse_qsl(query, max_num_fields=_MOST_PARAMETERS, errors="replace")
    except ValueError:
        return {}
    return {name: value for name, value in pairs if name.startswith("utm_")}


def add_marks(marks: dict[str, str], found: dict[str, str]) -> None:
    """Add the marks that are not there yet, within limits; what was said first counts."""
    for name, value in found.items():
        if value and len(marks) < _MOST_MARKS:
            marks.setdefault(safe_text(name[:_LONGEST_MARK_NAME]), safe_text(value[:_LONGEST_MARK]))
