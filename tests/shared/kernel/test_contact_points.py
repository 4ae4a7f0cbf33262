"""Contact points of all kinds, and names as they are searched (B09)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.contact_points import Point, fold_name, point


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("phone", "8 921 447-18-63", "79214471863"),
        ("email", "Ivan@Ya.ru", "ivan@yandex.ru"),
        ("vk", "https://vk.com/id123456", "123456"),
        ("vk", "vk.com/id123456/", "123456"),
        ("vk", "https://m.vk.com/Durov", "durov"),
        ("vk", "https://vk.ru/durov?from=search", "durov"),
        ("vk", "id5", "5"),
        ("vk", "123456", "123456"),
        ("vk", "-77", "-77"),
        ("vk", "idea", "idea"),
        ("telegram", "@Durov", "durov"),
        ("telegram", "https://t.me/durov", "durov"),
        ("telegram", "t.me/durov/", "durov"),
        ("telegram", "123456789", "123456789"),
    ],
)
def test_a_point_has_one_key(kind: str, value: str, key: str) -> None:
    found = point(kind, value)
    assert found is not None
    assert (found.kind, found.key) == (kind, key)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "звонить вечером"),
        ("email", "нет"),
        ("vk", ""),
        ("vk", "https://example.com/id1"),
        ("vk", "дуров"),
        ("telegram", "@"),
        ("telegram", "https://t.me/+AbCdEf"),
        ("telegram", "a" * 65),
        ("fax", "8 921 447-18-63"),
        ("", ""),
    ],
)
def test_what_is_no_point_of_its_kind_is_none(kind: str, value: str) -> None:
    assert point(kind, value) is None


@given(st.sampled_from(["phone", "email", "vk", "telegram", "fax"]), st.text(max_size=100))
def test_no_text_breaks_it_and_what_it_gives_stays_as_it_is(kind: str, value: str) -> None:
    found = point(kind, value)
    if found is not None:
        assert point(kind, found.value) == found
        assert isinstance(found, Point)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Фёдор  Ёлкин", "федор елкин"),
        ("ИВАНОВ", "иванов"),
        (" Анна\u00a0Мария ", "анна мария"),
        ("Cергей", "сергей"),
        ("Pоман Kузнецов", "роман кузнецов"),
        ("John Smith", "john smith"),
        ("ООО «Ромашка»", "ооо «ромашка»"),
        ("й", "й"),
        ("", ""),
    ],
)
def test_a_name_is_folded_for_searching(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
