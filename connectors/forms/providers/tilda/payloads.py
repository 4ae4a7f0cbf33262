"""What Tilda adds to a form: its probe, the numbers of the post, the visitor's cookies.

Source: Tilda's help on webhooks. A post is repeated twice, a minute apart, unless it is answered within 5 s.
"""

from collections.abc import Sequence
from urllib.parse import unquote

from connectors.forms.providers.generic.entries import Entry

_PROBE = Entry("test", "test")
_MARKS = "|||"


def is_probe(entries: Sequence[Entry]) -> bool:
    """Say whether this is what Tilda sends when an address is saved: it wants a 200 and is no inquiry."""
    return len(entries) == 1 and entries[0][:2] == _PROBE[:2]


def event_id(entries: Sequence[Entry]) -> str:
    """Return `formid:tranid`, which is the same in every repeat of a post; empty when this is not Tilda's."""
    found = {entry.name: entry.value.strip() for entry in entries if entry.name in {"formid", "tranid"}}
    return f"{found.get('formid', '')}:{found['tranid']}" if found.get("tranid") else ""


def cookies(value: str) -> dict[str, str]:
    """Return the cookies that Tilda passes in the field COOKIES."""
    pairs = (item.strip().partition("=") for item in value.split(";")[:100])
    return {name: unquote(content) for name, _, content in pairs if name}


def marks_in(found: dict[str, str]) -> dict[str, str]:
    """Return the utm marks of the cookie TILDAUTM: `utm_source=…|||utm_medium=…|||`."""
    pairs = (item.partition("=") for item in found.get("TILDAUTM", "").split(_MARKS)[:50])
    return {name: content for name, _, content in pairs if name.startswith("utm_")}
