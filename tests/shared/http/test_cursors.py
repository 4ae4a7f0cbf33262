"""Cursors belong to one order of one list and hold nothing that a column cannot."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, DateTime, Text

from shared.http.cursors import BadCursorError, seal, unseal

NAME = Column("name", Text, nullable=False)
TITLE = Column("title", Text, nullable=True)
NUMBER = Column("number", BigInteger, nullable=False)
AT = Column("at", DateTime(timezone=True), nullable=False)
NOON = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)


def packed(*parts: Any) -> str:
    """Return a cursor with these parts."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("column", "value"),
    [(NAME, "Ёлкин «О'Нил»"), (TITLE, None), (TITLE, ""), (NUMBER, 2**63 - 1), (NUMBER, -5), (AT, NOON)],
)
def test_a_cursor_gives_back_what_was_put_in(column: Column[Any], value: Any) -> None:
    identity = uuid4()
    assert unseal(seal("-sort", value, identity), "-sort", column) == (value, identity)


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = seal("name", "a", uuid4())
    for other in ("-name", "title", ""):
        with pytest.raises(BadCursorError):
            unseal(cursor, other, NAME)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (NAME, 5),
        (NAME, None),
        (NAME, ["a"]),
        (NAME, {"a": 1}),
        (NAME, "a\x00b"),
        (TITLE, True),
        (NUMBER, "5"),
        (NUMBER, True),
        (NUMBER, 1.5),
        (NUMBER, 2**63),
        (AT, "tomorrow"),
        (AT, 5),
        (AT, "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_value_that_the_column_cannot_hold_is_refused(column: Column[Any], value: Any) -> None:
    with pytest.raises(BadCursorError):
        unseal(packed("sort", value, str(uuid4())), "sort", column)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        "й",
        "AAAA",
        packed(),
        packed(1),
        packed("sort", "a"),
        packed("sort", "a", "no id"),
        "A" * 9000,
    ],
)
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        unseal(cursor, "sort", NAME)


@given(st.text(max_size=200))
def test_no_text_makes_it_fail_otherwise(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        unseal(cursor, "sort", AT)
