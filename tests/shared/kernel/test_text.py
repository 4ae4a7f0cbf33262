"""Text from outside becomes storable and loses nothing that can be stored."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.text import safe_text

anything = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\x00\ud800\udfff\x07\n\t\r"))


def test_nul_and_lone_surrogates_become_replacement_marks() -> None:
    assert safe_text("a\x00b\ud800c") == "a\ufffdb\ufffdc"


def test_control_characters_go_and_line_ends_stay() -> None:
    assert safe_text("a\x07b\x1bc\x7f\r\n\td") == "abc\r\n\td"


def test_what_is_storable_stays_as_it_is() -> None:
    text = "Ёлкин «О'Нил» №5 🙂\n\u00a0й"
    assert safe_text(text) == text


@given(anything)
def test_any_text_can_be_stored_and_sent_afterwards(text: str) -> None:
    safe = safe_text(text)
    assert "\x00" not in safe
    assert orjson.loads(orjson.dumps(safe)) == safe
    assert safe_text(safe) == safe
