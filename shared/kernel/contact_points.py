"""Contact points of all kinds: a value to dial or write to, a canonical key to match by (B09)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from shared.kernel.canonical import FORMS
from shared.kernel.emails import parse_email
from shared.kernel.phones import parse_phone
from shared.kernel.social import parse_telegram, parse_vk
from shared.kernel.text import visible

PointKind = Literal["phone", "email", "vk", "telegram"]

_LONGEST_NAME = 1_000
_LATIN, _CYRILLIC = "aceopxykmthbë", "асеорхукмтнве"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC[:-1], _LATIN[:-1])
_SAME_SIGNS = str.maketrans("ё‐‑‒–—−’‘ʼ`", "е------''''")
_MARKS = re.compile("[\u0300-\u036f]+")  # those that are no part of a letter: stress, for one
_SPACES = re.compile(r"\s+")
_MIXED = re.compile("[a-zë][а-я]|[а-я][a-zë]")
_WORD = re.compile("[a-zëа-я]+")
_HAS_LATIN, _HAS_CYRILLIC = re.compile("[a-zë]"), re.compile("[а-я]")


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
        return _held(Point("phone", *found)) if found else None
    if kind == "email":
        found = parse_email(value)
        return _held(Point("email", *found)) if found else None
    if kind == "vk":
        key = parse_vk(value)
        return _held(Point("vk", key, key)) if key else None
    if kind == "telegram":
        key = parse_telegram(value)
        return _held(Point("telegram", key, key)) if key else None
    return None


def _held(found: Point) -> Point | None:
    """Return the point if databases take its key: the numbering plans know numbers longer than any that is dialled."""
    return found if FORMS[found.kind].holds(found.key) else None


def fold_name(name: str) -> str:
    """Return a name as it is searched: lower case, ё as е, plain spaces and dashes, each word in one alphabet.

    Of a longer text only the beginning counts: no name is that long.
    """
    text = visible(name[:_LONGEST_NAME]).lower()
    if not text.isascii():
        if _MARKS.search(text):
            text = unicodedata.normalize("NFKC", _MARKS.sub("", text))
        text = text.translate(_SAME_SIGNS)
        if _MIXED.search(text):
            text = _WORD.sub(_in_one_alphabet, text)
    return _SPACES.sub(" ", text).strip()


def _in_one_alphabet(found: re.Match[str]) -> str:
    """Write a word of two alphabets in the one of them that can hold it, Cyrillic first."""
    word = found.group()
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    return latin if _HAS_LATIN.search(cyrillic) and not _HAS_CYRILLIC.search(latin) else cyrillic
