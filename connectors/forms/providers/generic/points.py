"""Phones and addresses of a sender: given in a field of their own, or found inside any other value."""

import re

from shared.kernel.emails import find_emails, parse_email
from shared.kernel.phones import find_phones, parse_phone

_MOST = 10
_MOST_SEARCHED = 20_000
_ORDINARY_EMAIL = re.compile(
    r"(?=.{3,100}$)\w+(?:[.+-]\w+){0,5}@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+){0,5}\.){1,5}[A-Za-z]{2,24}", re.ASCII
)
_DIGITS = re.compile(r"\d\D{0,6}\d\D{0,6}\d")
_TOLL_FREE = "7800"


class Points:
    """Gathers the contact points of one form, each once; how much text is searched is limited."""

    def __init__(self) -> None:
        self._phones: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        self._searched = 0

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
        if kind == "phone" and (parsed := parse_phone(value)):
            self._phones.setdefault(parsed[1], value)
            return True
        # The full check of an address costs more than everything else here, and intake does it anyway.
        if kind == "email" and (_ORDINARY_EMAIL.fullmatch(value) or parse_email(value)):
            self._emails.setdefault(value.lower(), value)
            return True
        self.search(value)
        return False

    def search(self, value: str) -> None:
        """Look for phones and addresses inside a value.

        A toll-free number in a sentence is the one that was called, not the sender's own.
        """
        value = value[: max(0, _MOST_SEARCHED - self._searched)]
        self._searched += len(value)
        if _DIGITS.search(value):
            for phone in find_phones(value):
                parsed = parse_phone(phone)
                if parsed and not parsed[1].startswith(_TOLL_FREE):
                    self._phones.setdefault(parsed[1], phone)
        if "@" in value:
            for address in find_emails(value):
                self._emails.setdefault(address.lower(), address)
