"""Phones: the value to dial and the key to match by (B09); Russian numbers take a path of their own."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from shared.kernel.text import visible

_MOBILE = re.compile(
    r"(?:\+?7|8)?[ (\-]*(9\d\d)[) \-]*(\d{3})[ \-]*(\d\d)[ \-]*(\d\d)", re.ASCII
)  # how nine of ten numbers here are written
_DIGITS = re.compile(r"\D+")
_PLAIN = re.compile(r"[\d\s()\-+.~\u2010-\u2015\u2043\u2212]+")
_SCHEME = re.compile(
    r"\s*(?:(?:tel|sips?|callto|whatsapp|viber):(?://)?|(?:https?://)?wa\.me/)", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:(?:тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?|раб(?:очий)?|дом(?:ашний)?|т|phone|tel|mob(?:ile)?|cell)"
    r"\s*[.:]+\s*){1,3}",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"(?:доб[а-я]*|вн[а-я]*|ext[a-z]*|[xх#,;pw]+)[\s.:=#]*(?:no)?[\s.]*(\d{1,6})[\s)#.]*$", re.IGNORECASE
)
_PARAMETER = re.compile(r";ext=(\d{1,6})(?:;|$)", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\s*(\d{1,6})\s*\)$")
_ABROAD = re.compile(r"00[\s\-]*(?=[1-9])")
_DOUBLED = re.compile(r"[\s(+]*[78]?[\s()\-]*(?=\+)")
_INSIDE = re.compile(r"(?<![\d\w])\+?\d(?:[\s()\-.\u2010-\u2015\u00a0]*\d){9,13}(?!\d)")
_AROUND = " \t\r\n'\",."
_LONGEST = 160
_NATIONAL_DIGITS, _FULL_DIGITS, _SLIPPED_DIGITS = 10, 11, 12
_TOO_SHORT = 5
_COUNTRY, _CODE = "RU", 7


def parse_phone(value: str) -> tuple[str, str] | None:
    """Return (value, key): E.164 with `;ext=` for an extension, and its digits; None when it is no phone.

    Up to five digits are an extension of somebody's switchboard; fewer than ten without a country code lack their
    city and could be anybody's; letters mean that it is a sentence.
    """
    if len(value) > _LONGEST:
        value = value.strip()
    return _parse(value) if len(value) <= _LONGEST else None


@lru_cache(maxsize=50_000)
def _parse(value: str) -> tuple[str, str] | None:
    if found := _MOBILE.fullmatch(value):
        mobile = "7" + "".join(found.groups())
        return f"+{mobile}", mobile
    number, extension = _split(value)
    key = None
    if not extension and (found := _BRACKETED.search(number)) and (key := _key(number[: found.start()])):
        extension = found.group(1)
    key = key or _key(number)
    if key is None:
        return None
    return f"+{key}" + (f";ext={extension}" if extension else ""), key


def _split(value: str) -> tuple[str, str]:
    """Return the number without what stands around it, and the extension."""
    text = visible(value)
    if "<" in text:  # as in the headers of SIP: "Name" <sip:number@host>
        text = text.rpartition("<")[2].partition(">")[0]
    text = _SCHEME.sub("", text, count=1).split("@", 1)[0].strip(_AROUND)
    extension = ""
    if _PLAIN.fullmatch(text) or sum(map(str.isdigit, text)) <= _TOO_SHORT:
        return text, extension
    if found := _PARAMETER.search(text):
        extension, text = found.group(1), text[: found.start()]
    while found := _EXTENSION.search(
        text
    ):  # pauses may lead on through a menu: its first step is the extension
        extension, text = found.group(1), text[: found.start()].rstrip(" \t,;(")
    return _LABEL.sub("", text.split(";", 1)[0], count=1).strip(_AROUND), extension


def _key(text: str) -> str | None:
    if not _PLAIN.fullmatch(text):
        return None
    if found := _ABROAD.match(text):
        text = "+" + text[found.end() :]
    if found := _DOUBLED.match(
        text
    ):  # «8 +7 921…», «+7 +375 29…»: typed into a field that had a code already
        text = text[found.end() :]
    digits = _DIGITS.sub("", text)
    if not digits.isascii() or len(digits) <= _TOO_SHORT:
        return None
    plus = text.startswith("+")
    return (None if plus and digits[0] not in "78" else _russian(digits)) or _by_plan(digits, plus=plus)


def _russian(digits: str) -> str | None:
    """Return 7XXXXXXXXXX for a Russian mobile number in any of its spellings; None when it takes the long way.

    No country code begins with 79, 89, 779, 789, 879 or 889, so that «+8 9…» and «+7 8 9…» can only be slips.
    """
    own = digits[-_NATIONAL_DIGITS:]
    if len(own) < _NATIONAL_DIGITS or own[0] != "9":
        return None
    before = digits[:-_NATIONAL_DIGITS]
    return "7" + own if before in {"", "7", "8", "77", "78", "87", "88"} else None


def _by_plan(digits: str, *, plus: bool) -> str | None:
    """Return the digits of a number that the numbering plans know."""
    for candidate in _candidates(digits, plus=plus):
        try:
            number = phonenumbers.parse(candidate, _COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            national = phonenumbers.national_significant_number(number)
            if number.country_code != _CODE or len(national) == _NATIONAL_DIGITS:
                return f"{number.country_code}{national}"
    return None


def _candidates(digits: str, *, plus: bool) -> Iterator[str]:
    """Yield what the digits may mean, the likeliest first."""
    size = len(digits)
    slipped = size == _SLIPPED_DIGITS and digits[:2] in {"77", "78", "87", "88"}
    if plus:
        yield "+" + digits
        if size == _FULL_DIGITS and digits[0] == "8":  # «+8 800…»
            yield "+7" + digits[1:]
        elif digits.startswith("810"):  # the way abroad after a plus
            yield digits
    elif size == _FULL_DIGITS and digits[0] == "8":
        yield "+7" + digits[1:]
        yield "+" + digits
    elif size == _NATIONAL_DIGITS:
        yield digits
        yield "+" + digits
    elif size > _NATIONAL_DIGITS and not (
        size == _SLIPPED_DIGITS and digits[0] == "7"
    ):  # 77…, 78…: a taxpayer
        yield "+" + digits
        yield digits
    if slipped and (plus or digits[2:5] == "800"):
        yield "+7" + digits[2:]


def phone_candidates(text: str) -> Iterator[str]:
    """Yield what is written like a phone inside any text; the numbering plans, which cost more, are not asked.

    Ten digits in a row that begin with 7 are a taxpayer's number, not a Kazakh one without its code.
    """
    for found in _INSIDE.finditer(text[:10_000]):
        item = found.group()
        if not (len(item) == _NATIONAL_DIGITS and item[0] == "7" and item.isdigit()):
            yield item
