"""From Tilda's post to the entries that the generic reading understands: cookies and cart become what they carry."""

from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.tilda.cart import CART, unpack_cart
from connectors.forms.providers.tilda.payloads import cookies, marks_in

_COOKIES = "COOKIES"
_VISITOR = {"_ym_uid": "ym_client_id", "_ga": "ga_client_id"}


def unpack(entries: list[Entry]) -> list[Entry]:
    """Return the entries with Tilda's cookies and cart unpacked; those of another form as they are."""
    for entry in entries:
        if entry.name == _COOKIES or entry.name.startswith(CART):
            return unpack_cart(unpack_cookies(entries))
    return entries


def unpack_cookies(entries: list[Entry]) -> list[Entry]:
    """Return the entries with the cookies' utm marks and counter numbers at the end; a field of its own counts more."""
    if not any(entry.name == _COOKIES for entry in entries):
        return entries
    found: dict[str, str] = {}
    kept: list[Entry] = []
    for entry in entries:
        if entry.name == _COOKIES:
            found |= cookies(entry.value)
        else:
            kept.append(entry)
    names = {entry.name for entry in kept}
    added = {**marks_in(found), **{name: found[key] for key, name in _VISITOR.items() if key in found}}
    return kept + [Entry(name, value) for name, value in added.items() if name not in names]
