"""Phones and addresses of a sender: given in a field of their own, or found inside any other value."""

import re

from shared.kernel.emails import find_emails, parse_email
from shared.kernel.phones import parse_phone, phone_candidates

_MOST = 10
_MOST_SEARCHED = 20_000
_MOST_TRIED = {"phone": 20, "email": 20, "inside": 30}
"""How many values are looked up as a phone or an address of its own, and how many that stand inside others."""

_ORDINARY_EMAIL = re.compile(
    r"(?=.{3,100}$)\w+(?:[.+-]\w+){0,5}@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+){0,5}\.){1,5}[A-Za-z]{2,24}", re.ASCII
)
_DIGITS = re.compile(r"\d\D{0,6}\d\D{0,6}\d")
_NO_PHONE_ELSEWHERE = re.compile(r"7\d{9}", re.ASCII)
_TOLL_FREE = "7800"


class Points:
    """Gathers the contact points of one form, each once; how much is searched and looked up is limited."""

    def __init__(self) -> None:
        self._phones: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        self._searched = 0
        self._tried = dict.fromkeys(_MOST_TRIED, 0)

    @property
    def phones(self) -> list[str]:
        """The phones as they were written."""
        return list(self._phones.values())[:_MOST]

    @property
    def emails(self) -> list[str]:
        """The addresses as they were written."""
        return list(self._emails.values())[:_MOST]

    def take(self, kind: str, value: str) -> bool:
        """Take the value of a field for phones or addresses; say whether it is one of them and nothing else."""
        if kind == "phone" and (parsed := self._phone(value)):
            first, *others = _listed(value)
            self._phones.setdefault(parsed[1], first)
            taken = [self.take(kind, other) for other in others]  # each of them, whatever another one is
            return all(taken)
        # The full check of an address costs more than everything else here, and intake does it anyway.
        if kind == "email" and (_ORDINARY_EMAIL.fullmatch(value) or self._is_email(value)):
            self._emails.setdefault(value.lower(), value)
            return True
        self.search(value)
        return False

    def is_phone(self, value: str) -> bool:
        """Say whether a value of a field for something else is a phone and nothing else.

        Ten digits that begin with 7 could be a Kazakh phone without its code, but are more often another number.
        """
        return not _NO_PHONE_ELSEWHERE.fullmatch(value) and self._phone(value) is not None

    def search(self, value: str) -> None:
        """Look for phones and addresses inside a value.

        A toll-free number in a sentence is the one that was called, not the sender's own.
        """
        value = value[: max(0, _MOST_SEARCHED - self._searched)]
        self._searched += len(value)
        if _DIGITS.search(value):
            self._search_phones(value)
        if "@" in value and len(self._emails) < _MOST:
            for address in find_emails(value):
                self._emails.setdefault(address.lower(), address)

    def _search_phones(self, value: str) -> None:
        for phone in phone_candidates(value):
            if not self._may_try("inside", self._phones):
                return
            parsed = parse_phone(phone)
            if parsed and not parsed[1].startswith(_TOLL_FREE):
                self._phones.setdefault(parsed[1], phone.strip())

    def _phone(self, value: str) -> tuple[str, str] | None:
        return parse_phone(value) if self._may_try("phone", self._phones) else None

    def _is_email(self, value: str) -> bool:
        return self._may_try("email", self._emails) and parse_email(value) is not None

    def _may_try(self, place: str, found: dict[str, str]) -> bool:
        """Count one more look into the numbering plans or the rules of addresses; no more of them when it is enough."""
        if len(found) >= _MOST or self._tried[place] >= _MOST_TRIED[place]:
            return False
        self._tried[place] += 1
        return True


def _listed(value: str) -> list[str]:
    """Return the parts of a value that begins with a phone, parted by semicolons; an extension stays with its phone."""
    first, *rest = value.split(";", _MOST)
    found = [first]
    for part in filter(str.strip, rest):
        if _continues(found[-1], part):
            found[-1] += f";{part}"
        else:
            found.append(part)
    if parse_phone(found[0]) is None:  # the semicolon stands in the name before a phone
        return [value]
    return [part.strip() for part in found]


def _continues(phone: str, part: str) -> bool:
    """Say whether a part is a parameter or an extension of the phone before it."""
    if "=" in part:
        return True
    joined = parse_phone(f"{phone};{part}")
    return joined is not None and ";ext=" in joined[0] and joined != parse_phone(phone)
