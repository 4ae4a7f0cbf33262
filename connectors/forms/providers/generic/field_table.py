"""What a field means, by its name: the table `fields.toml` and how names are compared with it."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Self

from shared.kernel.contact_points import fold_name

UNKNOWN = ""
HONEYPOT = "honeypot"
SERVICE = "service"
UTM = "utm_"

_TABLE = Path(__file__).with_name("fields.toml")
_HUMPS = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
_WORDS = re.compile(r"[^\W_]+")
_REMEMBERED = 10_000
_LONGEST_NAME = 80


def words_of(name: str) -> list[str]:
    """Return the words of a field's name as they are compared: folded, camelCase parted, no punctuation."""
    return _WORDS.findall(fold_name(_HUMPS.sub(" ", name)))


def fold(name: str) -> str:
    """Return a field's name as one folded word."""
    return "".join(words_of(name))


class FieldTable:
    """Meanings and labels of field names; what was looked up is remembered, up to a limit."""

    def __init__(
        self,
        meanings: dict[str, str],
        noise: frozenset[str],
        prefixes: tuple[tuple[str, str], ...],
        endings: dict[str, str],
        inside: dict[str, str],
        labels: dict[str, str],
    ) -> None:
        self._meanings = meanings
        self._noise = noise
        self._prefixes = prefixes
        self._endings = endings
        self._inside = inside
        self._labels = labels
        self._seen: dict[str, str] = {}

    @classmethod
    def read(cls, path: Path = _TABLE) -> Self:
        """Read the table; ValueError when one name is given two meanings."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        meanings: dict[str, str] = {}
        for meaning, names in table["names"].items():
            for name in names:
                if meanings.setdefault(fold(name), meaning) != meaning:
                    raise ValueError(f"«{name}» is both {meanings[fold(name)]} and {meaning}")
        prefixes = tuple(
            (prefix, meaning) for meaning, found in table["prefixes"].items() for prefix in found
        )
        endings = {ending: meaning for meaning, found in table["endings"].items() for ending in found}
        inside = {fold(word): meaning for meaning, found in table["inside"].items() for word in found}
        noise = frozenset(word for entry in table["noise"] for word in words_of(entry))
        return cls(meanings, noise, prefixes, endings, inside, table["labels"])

    def __len__(self) -> int:
        return len(self._meanings)

    def meaning(self, name: str) -> str:
        """Return what a field of that name means; UNKNOWN when the table does not say."""
        known = self._seen.get(name)
        if known is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            known = self._seen[name] = self._find(name)
        return known

    def label(self, meaning: str) -> str:
        """Return what is written beside a value of that meaning; empty when its own name says it best."""
        return self._labels.get(meaning, "")

    def _find(self, name: str) -> str:
        if len(name) > _LONGEST_NAME:
            return UNKNOWN
        lower = name.lower()
        words = words_of(name)
        whole = "".join(words)
        if found := self._meanings.get(whole):
            return found
        for prefix, meaning in self._prefixes:
            if lower.startswith(prefix):
                return UTM + "_".join(words[1:]) if meaning == "utm" and words[1:] else meaning
        rest = "".join(word for word in words if word not in self._noise and not word.isdigit())
        if found := self._meanings.get(rest) or self._meanings.get(rest.rstrip("0123456789")):
            return found
        return self._by_words(words)

    def _by_words(self, words: list[str]) -> str:
        """Return what a name means by its last word, or by any; one that speaks of a phone too could hold anything."""
        if words and (ending := self._endings.get(words[-1])):
            return ending
        found = {self._inside[word] for word in words if word in self._inside}
        return UNKNOWN if "phone" in found or not found else found.pop()


@cache
def field_table() -> FieldTable:
    """Return the table of this connector, read once."""
    return FieldTable.read()
