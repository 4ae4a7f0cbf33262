"""What a canonical key looks like (B09), said so that Python and PostgreSQL read it alike and a database can refuse."""

CANONICAL: dict[str, str] = {
    "phone": "^(7[347-9][0-9]{9}|([1-69][0-9]|8[0-8])[0-9]{4,13})$",
    "email": '^[^] "(),:;<>@[A-ZА-ЯЁ]{1,64}@[a-z0-9.-]+[.][a-z0-9-]+$',
    "vk": "^(-?[1-9][0-9]{0,18}|[0-9.]*[a-z_][a-z0-9_.]*)$",
    "telegram": "^(-?[1-9][0-9]{0,18}|[a-z][a-z0-9_]{3,31})$",
    "contact": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
}
"""By kind: the form of its keys. E.164 without a plus, where +7 has ten digits more and no code begins with 89."""

NEVER: dict[str, str] = {
    "phone": "^(810|8800)",
    "email": (
        "[+].*@(gmail[.]com|yandex[.]ru|icloud[.]com|proton[.]me|mail[.]ru|bk[.]ru|inbox[.]ru|list[.]ru"
        "|internet[.]ru|narod[.]ru|outlook[.]com|hotmail[.]com|live[.]com|msn[.]com|fastmail[.]com)$"
        "|[.].*@(gmail[.]com|yandex[.]ru)$|[._-].*@proton[.]me$"
        "|@(googlemail[.]com|ya[.]ru|yandex[.](com|by|kz|ua|com[.]tr)|me[.]com|mac[.]com|protonmail[.]com|pm[.]me)$"
    ),
    "vk": "^(id|club|public|event)[0-9]+$|^.{33}",
}
"""By kind: what fits the form and still is another spelling of some key.

What only the numbering plans know is left to them: 4951234567 could be a number abroad.
"""


def canonical_check(key: str, *kinds: str) -> str:
    """Return the condition of a CHECK over the columns `kind` and `key`: only canonical keys of these kinds."""
    cases = " ".join(f"when '{name}' then {_condition(name, key)}" for name in kinds)
    return f"case kind {cases} else false end"


def _condition(name: str, key: str) -> str:
    wanted = f"{key} ~ '{CANONICAL[name]}'"
    return f"{wanted} and {key} !~ '{NEVER[name]}'" if name in NEVER else wanted
