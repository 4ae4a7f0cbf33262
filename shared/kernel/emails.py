"""E-mail addresses: the value to write to and the key to match by (B09), with the rules of big providers."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

from email_validator import EmailNotValidError, validate_email

from shared.kernel.text import visible

_INSIDE = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+", re.UNICODE)
_LONGEST = 254
_LONGEST_WRITTEN = 600
_LONGEST_LOCAL = 64
_AROUND = "<>\"' \t\r\n,;"
_SCHEME = "mailto:"
_MOST_FOUND = 10
_MOST_CANDIDATES = 50

_AS_IT_IS: dict[int, int | None] = {}
_WITHOUT_DOTS: dict[int, int | None] = {ord("."): None}
_DOTS_ARE_HYPHENS: dict[int, int | None] = {ord("."): ord("-")}
_WITHOUT_MARKS: dict[int, int | None] = dict.fromkeys(map(ord, ".-_"))
_YANDEX = ("ya.ru", "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr")
_TAGS_ONLY = (
    *("mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "narod.ru"),
    *("outlook.com", "hotmail.com", "live.com", "msn.com", "fastmail.com"),
)
_PROVIDERS: dict[str, tuple[str, dict[int, int | None]]] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), ("gmail.com", _WITHOUT_DOTS)),
    **dict.fromkeys(_YANDEX, ("yandex.ru", _DOTS_ARE_HYPHENS)),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), ("icloud.com", _AS_IT_IS)),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), ("proton.me", _WITHOUT_MARKS)),
    **{domain: (domain, _AS_IT_IS) for domain in _TAGS_ONLY},
}
"""By domain: the one domain of its mailboxes, and what their names do not tell apart; all of them allow +tags."""


def parse_email(value: str) -> tuple[str, str] | None:
    """Return (value, key): the address as written with a normal domain, and the canonical one; None if it is none."""
    text = value.strip(_AROUND)
    if len(text) > _LONGEST_WRITTEN or not ("@" in text or "\uff20" in text):
        return None
    return _parse(text)


@lru_cache(maxsize=50_000)
def _parse(text: str) -> tuple[str, str] | None:
    text = visible(text)
    if "<" in text:  # Name <address>
        text = text.rpartition("<")[2].partition(">")[0]
    if text[: len(_SCHEME)].lower() == _SCHEME:
        text = text[len(_SCHEME) :].partition("?")[0]
    text = text.strip(_AROUND).rstrip(".")
    if len(text) > _LONGEST:
        return None
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError, UnicodeError):
        return None
    key = _canonical(found.local_part, (found.ascii_domain or found.domain).lower())
    return (f"{found.local_part}@{found.domain.lower()}", key) if key else None


def _canonical(local: str, domain: str) -> str | None:
    """Return one address for all spellings that reach the same mailbox at the provider; None if none can."""
    local = local.lower() if local.isascii() else unicodedata.normalize("NFC", local.lower())
    if domain in _PROVIDERS:
        domain, marks = _PROVIDERS[domain]
        local = local.partition("+")[0].rstrip(".").translate(marks)
    return f"{local}@{domain}" if 0 < len(local) <= _LONGEST_LOCAL else None


def find_emails(text: str) -> list[str]:
    """Return the first addresses inside any text, among its first candidates."""
    written = (found.group() for found in islice(_INSIDE.finditer(text[:10_000]), _MOST_CANDIDATES))
    return list(islice((item for item in written if parse_email(item)), _MOST_FOUND))
