"""E-mail addresses: the value to write to and the key to match by (B09), with the rules of big providers."""

import re
from functools import lru_cache
from itertools import islice

from email_validator import EmailNotValidError, validate_email

_INSIDE = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+", re.UNICODE)
_LONGEST = 254
_MOST_FOUND = 10
_MOST_CANDIDATES = 50
_YANDEX = {"ya.ru", "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"}
_GOOGLE = {"gmail.com", "googlemail.com"}
_PLUS_TAGS = (
    _YANDEX | _GOOGLE | {"outlook.com", "hotmail.com", "icloud.com", "fastmail.com", "proton.me", "mail.ru"}
)


def parse_email(value: str) -> tuple[str, str] | None:
    """Return (value, key): the address as written with a normal domain, and the canonical one; None if it is none."""
    text = value.strip().removeprefix("mailto:").strip("<>\"' \t,;")
    if len(text) > _LONGEST or "@" not in text:
        return None
    return _parse(text)


@lru_cache(maxsize=50_000)
def _parse(text: str) -> tuple[str, str] | None:
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError, UnicodeError):
        return None
    domain = (found.ascii_domain or found.domain).lower()
    return f"{found.local_part}@{found.domain.lower()}", _canonical(found.local_part.lower(), domain)


def _canonical(local: str, domain: str) -> str:
    """Return one address for all spellings that reach the same mailbox at the provider."""
    if domain in _PLUS_TAGS:
        local = local.partition("+")[0].rstrip(".") or local
    if domain in _GOOGLE:
        return f"{local.replace('.', '')}@gmail.com"
    if domain in _YANDEX and domain != "narod.ru":
        return f"{local.replace('.', '-')}@yandex.ru"
    return f"{local}@{domain}"


def find_emails(text: str) -> list[str]:
    """Return the first addresses inside any text, among its first candidates."""
    written = (found.group() for found in islice(_INSIDE.finditer(text[:10_000]), _MOST_CANDIDATES))
    return list(islice((item for item in written if parse_email(item)), _MOST_FOUND))
