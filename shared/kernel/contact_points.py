"""Contact points of all kinds: a value to dial or write to, a canonical key to match by (B09)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from shared.kernel.emails import parse_email
from shared.kernel.phones import parse_phone

PointKind = Literal["phone", "email", "vk", "telegram"]

_VK = re.compile(r"(?:https?://)?(?:m\.)?(?:vk\.com|vk\.ru)/", re.IGNORECASE)
_TELEGRAM = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/", re.IGNORECASE)
_SOCIAL = re.compile(r"-?[\w.]{1,64}")
_LATIN = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point in canonical form."""

    kind: PointKind
    value: str
    key: str


def point(kind: str, value: str) -> Point | None:
    """Return the point, or None when the value is not one of its kind; never raises, whatever the text."""
    if kind == "phone":
        found = parse_phone(value)
        return Point("phone", *found) if found else None
    if kind == "email":
        found = parse_email(value)
        return Point("email", *found) if found else None
    if kind == "vk":
        return _social("vk", _VK.sub("", value.strip()))
    if kind == "telegram":
        return _social("telegram", _TELEGRAM.sub("", value.strip()).removeprefix("@"))
    return None


def _social(kind: Literal["vk", "telegram"], name: str) -> Point | None:
    key = name.partition("?")[0].strip("/").lower()
    if kind == "vk" and key.startswith("id") and key[2:].isdigit():
        key = key[2:]
    return Point(kind, key, key) if key.isascii() and _SOCIAL.fullmatch(key) else None


def fold_name(name: str) -> str:
    """Return a name as it is searched: lower case, ё as е, single spaces, Latin look-alikes in Cyrillic words."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC", name).strip().lower()).replace("ё", "е")
    return " ".join(word.translate(_LATIN) if _has_cyrillic(word) else word for word in text.split(" "))


def _has_cyrillic(word: str) -> bool:
    return any("а" <= letter <= "я" for letter in word)
