"""Who sees a lead, and how one is found."""

from uuid import uuid4

import pytest

from services.leads.domain.access import Viewer, may_see
from services.leads.domain.search import search_terms, search_text
from services.leads.domain.snapshot import Responsible

ME, MATE, ROLE, OTHER = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.mark.feature("S058")
@pytest.mark.parametrize(
    ("scope", "responsible", "seen"),
    [
        ("own", None, True),
        ("own", Responsible("employee", ME), True),
        ("own", Responsible("employee", MATE), False),
        ("own", Responsible("role", ROLE), True),
        ("own", Responsible("role", OTHER), False),
        ("team", Responsible("employee", MATE), True),
        ("team", Responsible("employee", OTHER), False),
        ("team", Responsible("role", OTHER), True),
        ("all", Responsible("employee", OTHER), True),
    ],
)
def test_who_sees_a_lead_follows_from_his_scope(
    scope: str, responsible: Responsible | None, *, seen: bool
) -> None:
    viewer = Viewer(ME, frozenset({ROLE}), scope, frozenset({OTHER}), frozenset({MATE}))  # type: ignore[arg-type]
    assert may_see(viewer, responsible) is seen


@pytest.mark.parametrize(
    ("typed", "text", "number"),
    [
        ("Иванов", "иванов", None),
        ("Королёва", "королева", None),
        ("Анна Королёва", "анна королева", None),
        ("447-18-63", "4471863", None),
        ("+7 (921) 447", "7921447", None),
        ("8 921 447-18", "92144718", None),
        ("№ 1284", "1284", 1284),
        ("1284", "1284", 1284),
        ("info@ya.ru", "info@ya.ru", None),
        ("…", "...", None),
    ],
)
def test_a_search_is_understood_as_people_type_it(typed: str, text: str, number: int | None) -> None:
    assert search_terms(typed) == (text.split(), number)


def test_a_lead_is_found_by_any_part_of_its_phone() -> None:
    line = search_text("Королёва Анна", ["+79214471863"], ["A.Koroleva@Mail.ru"])
    assert "4471863" in line
    assert "королева" in line
    assert "a.koroleva@mail.ru" in line
