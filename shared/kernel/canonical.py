"""What a canonical key looks like (B09), said so that Python and PostgreSQL read it alike and a database can refuse.

A check runs whenever a key is written: no pattern counts, since PostgreSQL counts slowly; lengths are compared.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The lengths and the regular expression of keys, and what fits them and still is another spelling of some key."""

    pattern: str
    shortest: int
    longest: int
    never: tuple[str, ...] = ()
    """Patterns of LIKE without single wildcards."""
    aliases: tuple[str, ...] = ()
    """Domains that are written as another one."""
    unmarked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Signs that no domain has, and the domains whose mailboxes have none of them in their names."""

    def holds(self, key: str) -> bool:
        """Say whether the key has this form."""
        domain = key.rpartition("@")[2]
        return (
            self.shortest <= len(key) <= self.longest
            and re.search(self.pattern, key) is not None
            and not key.endswith("\n")
            and not any(re.fullmatch(_regular(item), key) for item in self.never)
            and domain not in self.aliases
            and not any(sign in key and domain in domains for sign, domains in self.unmarked)
        )

    def sql(self, column: str) -> str:
        """Return the same as a condition in SQL."""
        domain = f"split_part({column}, '@', 2)"
        parts = [
            f"length({column}) between {self.shortest} and {self.longest}",
            f"{column} ~ '{self.pattern}'",
        ]
        if self.never:
            parts.append(f"{column} not like all ('{{{','.join(self.never)}}}'::text[])")
        if self.aliases:
            parts.append(f"{domain} <> all ('{{{','.join(self.aliases)}}}'::text[])")
        parts.extend(
            f"(strpos({column}, '{sign}') = 0 or {domain} <> all ('{{{','.join(domains)}}}'::text[]))"
            for sign, domains in self.unmarked
        )
        return " and ".join(parts)


_PHONE = Form(
    "^(7[347-9]" + "[0-9]" * 9 + "|[1-69][0-9]+|8[0-8][0-9]+)$",
    shortest=6,
    longest=15,
    never=("810%", "8800%"),
)
_TAGGED = (
    *("gmail.com", "yandex.ru", "icloud.com", "proton.me", "mail.ru", "bk.ru", "inbox.ru", "list.ru"),
    *("internet.ru", "narod.ru", "outlook.com", "hotmail.com", "live.com", "msn.com", "fastmail.com"),
)
_EMAIL = Form(
    '^[^] "(),:;<>@[A-ZА-ЯЁ]+@[a-z0-9.-]+[.][a-z0-9-]+$',
    shortest=5,
    longest=320,
    never=("%.%@gmail.com", "%.%@yandex.ru", "%.%@proton.me", "%-%@proton.me"),
    aliases=(
        *("googlemail.com", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr"),
        *("me.com", "mac.com", "protonmail.com", "pm.me"),
    ),
    unmarked=(("+", _TAGGED), ("_", ("proton.me",))),
)
FORMS: dict[str, Form] = {
    "phone": _PHONE,
    "email": _EMAIL,
    "vk": Form(
        "^(-?[1-9][0-9]*|(?!(id|club|public|event)[0-9]+$)[0-9.]*[a-z_][a-z0-9_.]*)$", shortest=1, longest=32
    ),
    "telegram": Form("^(-?[1-9][0-9]*|[a-z][a-z0-9_][a-z0-9_][a-z0-9_]+)$", shortest=1, longest=32),
    "contact": Form("^[0-9a-f-]+$", shortest=36, longest=36),
}
"""By kind: a phone is E.164 without a plus, where +7 has ten digits more and no code begins with 89, 810 or 8800.

What only the numbering plans know is left to them: 4951234567 could be a number abroad.
"""


def canonical_check(column: str, *kinds: str) -> str:
    """Return the condition of a CHECK over the columns `kind` and this one: only canonical keys of these kinds."""
    cases = " ".join(f"when '{kind}' then {FORMS[kind].sql(column)}" for kind in kinds)
    return f"case kind {cases} else false end"


def _regular(like: str) -> str:
    return ".*".join(map(re.escape, like.split("%")))
