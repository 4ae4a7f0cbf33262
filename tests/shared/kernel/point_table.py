"""The table of contact points: how each is written, what it is dialled or written to by, and its key (B09)."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.kernel.emails import _PROVIDERS

_PATH = Path(__file__).parent / "data" / "contact_points.tsv"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")

SOURCES = {
    "DEF": "Россвязь, the register of numbers: mobile and free-phone codes (DEF)",
    "ABC": "Россвязь, the register of numbers: geographic codes (ABC)",
    "KZ": "The numbering plan of Kazakhstan, which shares +7",
    "E.164": "ITU-T E.164 and the national plans that follow it",
    "plan": "ITU-T E.164: lengths and codes that no plan has",
    "short": "ITU-T E.164: short and service numbers are dialled, but name nobody abroad",
    "no city": "Local numbers: the same in many cities",
    "no number": "What providers send for a hidden caller, and other texts",
    "no guess": "Letters for digits, spreadsheets' numbers, sentences, addresses",
    "signs": "Unicode: compatibility forms, direction marks, spaces and dashes of every kind",
    "slip": "A code typed into a field that had one, or a plus before the trunk digit",
    "label": "Words that stand before a number",
    "list": "Several numbers in one value: the first before a semicolon, otherwise none",
    "extension": "Words, signs and pauses before an extension",
    "provider": "Links of messengers and telephone programs",
    "RFC 3261": "RFC 3261: SIP addresses as telephony sends them",
    "RFC 3966": "RFC 3966: tel addresses and their parameters",
    "RFC 5321": "RFC 5321: mailboxes",
    "RFC 5322": "RFC 5322: addresses with names",
    "RFC 5890": "RFC 5890: domains in other alphabets",
    "RFC 6068": "RFC 6068: mailto",
    "RFC 6531": "RFC 6531: mailboxes in other alphabets",
    "Yandex": "Help of Yandex Mail and Yandex ID: domains, dots and hyphens of a login, addresses with a plus",
    "Google": "Help of Gmail: dots, addresses with a plus, googlemail.com",
    "Mail.ru": "Help of Mail.ru: domains are mailboxes of their own, a login has no plus",
    "Rambler": "Help of Rambler: domains are mailboxes of their own",
    "Microsoft": "Help of Outlook.com: addresses with a plus",
    "Apple": "Help of iCloud Mail: icloud.com, me.com and mac.com, addresses with a plus",
    "Proton": "Help of Proton Mail: domains, dots, hyphens and underscores, addresses with a plus",
    "Fastmail": "Help of Fastmail: addresses with a plus",
    "Yahoo": "Help of Yahoo Mail: a hyphen is part of a name that only its owner can tell apart",
    "VK": "Help and API of VK: numbers, short addresses, groups, links",
    "Telegram": "Help and API of Telegram: usernames, numbers, links",
    "ё": "Russian spelling: ё is written е",
    "look-alikes": "Letters of two alphabets that look alike",
    "spaces": "Spaces of every kind",
    "marks": "Stress marks, dashes, apostrophes, quotation marks",
    "width": "Case and full-width letters",
}
"""Where the rows of a group come from."""


class Case(NamedTuple):
    """A row of the table: for what is no point of its kind, value and key are empty; a name has only a key."""

    kind: str
    given: str
    value: str
    key: str
    source: str


@cache
def table() -> tuple[Case, ...]:
    """Return all rows; what cannot be seen in a file is written there by its number in Unicode."""
    lines = _PATH.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Case(*map(_unescaped, line.split("\t"))) for line in lines)


def _unescaped(written: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), written)


def canonical_keys() -> list[tuple[str, str]]:
    """Return the kinds and keys of all points of the table, each once."""
    return sorted({(case.kind, case.key) for case in table() if case.kind != "name" and case.key})


def provider_spellings() -> list[str]:
    """Return addresses that are another spelling of some mailbox: one for each sign and domain of each provider."""
    spelled = {f"ab@{domain}" for domain, (home, _) in _PROVIDERS.items() if domain != home}
    for home, marks in _PROVIDERS.values():
        spelled |= {f"a{sign}b@{home}" for sign in ("+", *map(chr, marks))}
    return sorted(spelled)


def refused_keys() -> list[tuple[str, str]]:
    """Return what is written like a point and is not its key, with some keys that no point has."""
    keys = set(canonical_keys())
    plain = {
        (case.kind, case.given)
        for case in table()
        if case.kind in {"vk", "telegram", "email"}
        and case.key
        and case.given.isascii()
        and (case.kind, case.given) not in keys
    }
    spelled = {("email", key) for key in provider_spellings()}
    return sorted(plain | spelled | {(kind, key) for kind, key in _BAD if (kind, key) not in keys})


_BAD = [
    *(("phone", key) for key in ("", "+79214471863", "89214471863", "88005553535", "7921447186", "12345")),
    *(
        ("phone", key)
        for key in (
            "792144718633",
            "810380441234567",
            "079214471863",
            "7921447186a",
            "79214471863;ext=1",
            "7" * 16,
        )
    ),
    *(("phone", key) for key in ("79214471863\n", " 79214471863", "71234567890", "７９２１４４７１８６３")),
    *(
        ("email", key)
        for key in ("", "ivan", "ivan@", "@ya.ru", "ivan@example", "a@b@example.com", "ivan@пример.рф")
    ),
    *(("email", key) for key in ("Иван@example.com", "i@example.com\n", "a" * 320 + "@example.com")),
    *(("vk", key) for key in ("", "0", "-0", "007", "-durov", "дуров", "a" * 33, "id5", "ivan petrov")),
    *(
        ("telegram", key)
        for key in ("", "0", "007", "abc", "1abcd", "@durov", "дуров", "a" * 33, "+79214471863")
    ),
    *((kind, "1") for kind in ("", "fax", "Phone")),
]
