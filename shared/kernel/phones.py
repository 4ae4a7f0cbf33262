"""Phones: the value to dial and the key to match by (B09); Russian numbers take a path of their own."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

_DIGITS = re.compile(r"\D+")
_PLAIN = re.compile(r"[\d\s()\-+.~\u2010-\u2015]+")
_EXTENSION = re.compile(
    r"(?:;ext=|[\s,;(]*(?:доб(?:\.|авочный)?|вн(?:\.|утр\.?)?|ext\.?|[xх#,])\s*[:.]?)\s*(\d{1,6})\s*\)?\s*$",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^\s*(?:tel|sip|callto):", re.IGNORECASE)
_LABEL = re.compile(r"^(?:тел(?:ефон)?|моб(?:ильный)?|сот|т|phone|tel|mob|cell)\s*[.:]+\s*", re.IGNORECASE)
_ABROAD = re.compile(r"^\s*00[\s\-]*(?=[1-9])")
_INSIDE = re.compile(r"(?<![\d\w])\+?\d(?:[\s()\-.\u2010-\u2015\u00a0]*\d){9,13}(?!\d)")
_LONGEST = 80
_MOBILE = "9"
_NATIONAL_DIGITS = 10
_FULL_DIGITS = 11
_TOO_SHORT = 5
_COUNTRY = "RU"


def _russian(digits: str) -> str | None:
    """Return 7XXXXXXXXXX for a Russian mobile number in any of its spellings; None when it takes the long way."""
    if len(digits) == _FULL_DIGITS and digits[0] in "78" and digits[1] == _MOBILE:
        return "7" + digits[1:]
    if len(digits) == _NATIONAL_DIGITS and digits[0] == _MOBILE:
        return "7" + digits
    return None


def parse_phone(value: str) -> tuple[str, str] | None:
    """Return (value, key): E.164 with `;ext=` for an extension, and its digits; None when it is no phone.

    Up to five digits are an extension of somebody's switchboard; letters mean that it is a sentence.
    """
    if len(value) > _LONGEST:
        return None
    return _parse(value)


@lru_cache(maxsize=50_000)
def _parse(value: str) -> tuple[str, str] | None:
    text = unicodedata.normalize("NFKC", _SCHEME.sub("", value)).split("@", 1)[0].strip().strip("'\"")
    extension = ""
    if found := _EXTENSION.search(text):
        extension, text = found.group(1), text[: found.start()]
    text = _ABROAD.sub("+", _LABEL.sub("", text.split(";", 1)[0]).strip())
    if not _PLAIN.fullmatch(text):
        return None
    digits = _DIGITS.sub("", text)
    if not digits.isascii() or len(digits) <= _TOO_SHORT:
        return None
    abroad = text.startswith("+") and digits[0] not in "78"  # «+8 9…» is a slip: no plan begins like this
    key = (None if abroad else _russian(digits)) or _by_plan(text, digits)
    if key is None:
        return None
    return f"+{key}" + (f";ext={extension}" if extension else ""), key


def _by_plan(text: str, digits: str) -> str | None:
    """Return the digits of a number that the numbering plans know."""
    if text.startswith("+"):
        candidates = ["+" + digits]
    elif len(digits) == _FULL_DIGITS and digits[0] == "8":
        candidates = ["+7" + digits[1:], "+" + digits]
    else:
        candidates = [digits, "+" + digits] if len(digits) <= _NATIONAL_DIGITS else ["+" + digits, digits]
    for candidate in candidates:
        try:
            number = phonenumbers.parse(candidate, _COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and phonenumbers.is_valid_number(number):
            return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


def phone_candidates(text: str) -> Iterator[str]:
    """Yield what is written like a phone inside any text; the numbering plans, which cost more, are not asked."""
    return (found.group() for found in _INSIDE.finditer(text[:10_000]))
