"""Which unit answers for which part of the public API."""

from typing import Literal
from urllib.parse import unquote

UnitName = Literal["staff", "channels", "contacts", "leads"]
UNITS: tuple[UnitName, ...] = ("staff", "channels", "contacts", "leads")
BASE = "/api/v1/"

_OWNERS: dict[str, UnitName] = {
    "session": "staff",
    "me": "staff",
    "employees": "staff",
    "roles": "staff",
    "company": "staff",
    "channels": "channels",
    "contacts": "contacts",
    "leads": "leads",
    "inquiries": "leads",
    "rejection-reasons": "leads",
    "spam-keys": "leads",
    "quarantine": "leads",
}


def owner_of(path: str) -> UnitName | None:
    """Return the unit that owns a path under the base, as it stands in the request line; None if nobody does.

    A path that would climb out of the base after decoding belongs to nobody.
    """
    segments = unquote(path).replace("\\", "/").removeprefix(BASE).split("/")
    if any(segment in {".", ".."} for segment in segments):
        return None
    return _OWNERS.get(segments[0])
