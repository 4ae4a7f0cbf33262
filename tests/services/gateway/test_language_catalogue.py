"""The catalogue: both languages say the same things, in every plural form, and nothing that is used is missing."""

import re
from string import Formatter

import pytest
from babel import Locale

from services.gateway.language.catalogue import CATALOGUES, LANGUAGES, LanguageCode, language_of
from services.gateway.language.message import Message
from tests.services.gateway import front

RUSSIAN, ENGLISH = CATALOGUES["ru"].messages, CATALOGUES["en"].messages

_CALL = re.compile(r"""(?<![\w.])(?:words\.)?[tn]\(\s*(f?)(["'])(?P<key>[a-z][^"\n]*?)\2(?P<joined>\s*~)?""")
_CALL_OF_SCRIPT = re.compile(r"""(?<![\w.])(?:text|counted)\(\s*(["'`])(?P<key>[a-z][\w.${}]*)\1""")
_CHOICE_OF_SCRIPT = re.compile(r"""(?<![\w.])(?:text|counted)\([^()]*\? "(\w+)" : "(\w+)\"""")
_QUOTED = re.compile(r"""["'`]([a-z]+(?:\.[\w\-{}$]+)+)["'`]""")


def _texts(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _fits(pattern: str, keys: set[str]) -> set[str]:
    """Return the keys that a key with holes, as `status.{status}`, may become."""
    parts = re.split(r"\$?\{[^}]*\}", pattern)
    shape = re.compile(r"[\w.\-]+".join(re.escape(part) for part in parts))
    return {key for key in keys if shape.fullmatch(key)}


def _said_by_pages() -> dict[str, str]:
    """Return each key that templates and Python ask for, with where; a trailing `*` means any ending."""
    found: dict[str, str] = {}
    for name, text in (*front.templates(), *front.python()):
        for call in _CALL.finditer(text):
            found.setdefault(call["key"] + ("{}" if call["joined"] else ""), name)
    return found


def _said_by_scripts() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in front.scripts():
        for call in _CALL_OF_SCRIPT.finditer(text):
            found.setdefault(f"js.{call['key']}", name)
        for call in _CHOICE_OF_SCRIPT.finditer(text):
            found.update({f"js.{key}": name for key in call.groups()})
    return found


def test_both_languages_have_the_same_keys() -> None:
    assert set(RUSSIAN) ^ set(ENGLISH) == set()


def test_both_languages_fill_in_the_same_values() -> None:
    differing = {
        key
        for key, message in RUSSIAN.items()
        if {frozenset(_fields(text)) for text in _texts(message)}
        != {frozenset(_fields(text)) for text in _texts(ENGLISH[key])}
    }
    assert differing == set()


def test_what_counts_in_one_language_counts_in_the_other() -> None:
    assert {
        key for key, message in RUSSIAN.items() if isinstance(message, str) != isinstance(ENGLISH[key], str)
    } == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_texts_have_every_plural_form_of_their_language(language: LanguageCode) -> None:
    needed = {*Locale.parse(language).plural_form.tags, "other"}
    incomplete = {
        key: needed ^ set(message)
        for key, message in CATALOGUES[language].messages.items()
        if not isinstance(message, str) and set(message) != needed
    }
    assert incomplete == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_ends_with_a_space(language: LanguageCode) -> None:
    wrong = {
        key
        for key, message in CATALOGUES[language].messages.items()
        if any(not text or text != text.strip() for text in _texts(message))
    }
    assert wrong == set()


def test_english_texts_hold_no_russian_letters() -> None:
    assert {
        key
        for key, message in ENGLISH.items()
        if re.search("[а-яё]", " ".join(_texts(message)), re.IGNORECASE)
    } == set()


def test_every_key_that_pages_ask_for_exists() -> None:
    keys = set(RUSSIAN)
    said = _said_by_pages()
    assert len(said) > 100
    assert {key: where for key, where in said.items() if not _fits(key, keys)} == {}


def test_every_key_that_scripts_ask_for_exists() -> None:
    keys = set(RUSSIAN)
    said = _said_by_scripts()
    assert len(said) > 20
    assert {key: where for key, where in said.items() if not _fits(key, keys)} == {}


def test_every_text_is_said_somewhere() -> None:
    keys = set(RUSSIAN)
    used: set[str] = set()
    for key in (*_said_by_pages(), *_said_by_scripts()):
        used |= _fits(key, keys)
    for _, text in (*front.python(), *front.templates()):
        for key in _QUOTED.findall(text):
            used |= _fits(key, keys)
    assert keys - used == set()


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (1, "1 открытый лид"),
        (2, "2 открытых лида"),
        (5, "5 открытых лидов"),
        (11, "11 открытых лидов"),
        (21, "21 открытый лид"),
    ],
)
def test_russian_counts_decline(count: int, shown: str) -> None:
    assert CATALOGUES["ru"].n("board.total", count) == shown


def test_the_shown_number_may_differ_from_the_counted_one() -> None:
    assert CATALOGUES["ru"].n("board.total", 12_000, shown="9 999+") == "9 999+ открытых лидов"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        CATALOGUES["ru"].t("no.such.key")


def test_scripts_get_their_texts_without_the_prefix() -> None:
    texts = CATALOGUES["ru"].under("js.")
    assert texts["undo"] == "Отменить"
    assert not any(key.startswith("js.") for key in texts)


@pytest.mark.parametrize(
    ("value", "language"),
    [("en", "en"), ("en-US,en;q=0.9", "en"), ("de,ru;q=0.8", "ru"), ("fr", "ru"), ("", "ru"), (None, "ru")],
)
def test_the_language_follows_cookie_and_header(value: str | None, language: LanguageCode) -> None:
    assert language_of(value) == language
