"""The message catalogue: a text by its key, with plural forms by the rules of the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from babel import Locale

from services.gateway.language import en, ru
from services.gateway.language.message import Message

LanguageCode = Literal["ru", "en"]
LANGUAGES: tuple[LanguageCode, ...] = ("ru", "en")

_MESSAGES: Mapping[LanguageCode, Mapping[str, Message]] = {"ru": ru.MESSAGES, "en": en.MESSAGES}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language."""

    language: LanguageCode
    messages: Mapping[str, Message]

    def t(self, key: str, **values: Any) -> str:
        """Return the text with its values filled in; KeyError for an unknown key."""
        message = self.messages[key]
        if not isinstance(message, str):
            message = message["other"]
        return message.format(**values) if values else message

    def n(self, key: str, count: int, **values: Any) -> str:
        """Return the text in the plural form of `count`, which it may name as {count}; {shown} overrides it."""
        message = self.messages[key]
        if not isinstance(message, str):
            form = Locale.parse(self.language).plural_form(count)
            message = message.get(form, message["other"])
        return message.format(count=values.pop("shown", count), **values)

    def has(self, key: str) -> bool:
        """Say whether there is a text of that key."""
        return key in self.messages

    def under(self, prefix: str) -> dict[str, Message]:
        """Return the texts whose keys begin with the prefix, without it: what scripts of a page may say."""
        return {
            key.removeprefix(prefix): value for key, value in self.messages.items() if key.startswith(prefix)
        }


CATALOGUES: Mapping[LanguageCode, Catalogue] = {
    language: Catalogue(language, messages) for language, messages in _MESSAGES.items()
}


def language_of(value: str | None, *, default: LanguageCode = "ru") -> LanguageCode:
    """Return the language of a setting, a cookie or an Accept-Language header; the default when it is not ours."""
    for part in (value or "").split(","):
        code = part.split(";")[0].strip()[:2].lower()
        for language in LANGUAGES:
            if code == language:
                return language
    return default
