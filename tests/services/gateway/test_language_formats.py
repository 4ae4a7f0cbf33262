"""Dates, lengths of time, numbers and phones as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.language import formats
from services.gateway.language.catalogue import CATALOGUES
from services.gateway.language.formats import Formats

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOSCOW = Formats(CATALOGUES["ru"], ZoneInfo("Europe/Moscow"))
ENGLISH = Formats(CATALOGUES["en"], ZoneInfo("Europe/Moscow"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+79214471863", "+7 (921) 447-18-63"),
        ("+78123094012;ext=105", "+7 (812) 309-40-12 доб.\u00a0105"),
        ("+74951234567;ext=101", "+7 (495) 123-45-67 доб.\u00a0101"),
        ("+442083661177", "+44 20 8366 1177"),
        ("+375291234567", "+375 29 123-45-67"),
        ("not a phone", "not a phone"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_phones_are_grouped_for_reading(value: str, shown: str) -> None:
    assert MOSCOW.phone(value) == shown


@given(st.text(max_size=40))
def test_showing_breaks_on_no_text(text: str) -> None:
    assert isinstance(MOSCOW.phone(text), str)


@pytest.mark.parametrize(("value", "shown"), [(7, "7"), (9_999, "9\u202f999"), (10_000, "9\u202f999+")])
def test_counters_stop_at_four_digits(value: int, shown: str) -> None:
    assert formats.count(value) == shown


def test_a_capped_count_says_so() -> None:
    assert formats.count(120, capped=True) == "9\u202f999+"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (112, "1:52"),
        (599, "9:59"),
        (600, "10\u00a0мин"),
        (7_200, "2\u00a0ч"),
        (200_000, "2\u00a0дн"),
    ],
)
def test_short_waits_tick_and_long_ones_round(seconds: int, shown: str) -> None:
    assert MOSCOW.clock(timedelta(seconds=seconds)) == shown


def test_times_are_the_companys() -> None:
    assert MOSCOW.time(NOON) == "12:00"
    assert MOSCOW.full(NOON) == "24.11.2026, 12:00"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(hours=1), "11:00"),
        (timedelta(hours=20), "вчера, 16:00"),
        (timedelta(days=3), "21.11, 12:00"),
        (timedelta(days=400), "20.10.2025, 12:00"),
    ],
)
def test_a_moment_is_as_long_as_it_must_be(ago: timedelta, shown: str) -> None:
    assert MOSCOW.moment(NOON - ago, NOON) == shown


def test_days_are_headed_by_their_distance() -> None:
    assert MOSCOW.day_heading(NOON, NOON) == "Сегодня, 24.11"
    assert MOSCOW.day_heading(NOON - timedelta(days=1), NOON) == "Вчера, 23.11"
    assert ENGLISH.day_heading(NOON - timedelta(days=1), NOON) == "Yesterday, 23.11"
    assert MOSCOW.day_heading(NOON - timedelta(days=9), NOON) == "15.11.2026"


def test_the_day_begins_at_the_companys_midnight() -> None:
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert MOSCOW.start_of_day(late).isoformat() == "2026-11-25T00:00:00+03:00"
    assert MOSCOW.start_of_day(late, days_ago=1).isoformat() == "2026-11-24T00:00:00+03:00"


def test_an_extension_is_named_in_the_readers_language() -> None:
    assert ENGLISH.phone("+78123094012;ext=105") == "+7 (812) 309-40-12 ext.\u00a0105"
