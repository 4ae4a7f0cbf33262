"""Every row of the table of contact points holds, and the table is large enough to say so (B09)."""

import pytest

from shared.kernel.canonical import FORMS
from shared.kernel.contact_points import fold_name, point
from shared.kernel.emails import _PROVIDERS
from tests.shared.kernel.point_table import (
    SOURCES,
    Case,
    canonical_keys,
    provider_spellings,
    refused_keys,
    table,
)


def is_canonical(kind: str, key: str) -> bool:
    """Say what the databases say."""
    return kind in FORMS and FORMS[kind].holds(key)


@pytest.mark.feature("B09")
@pytest.mark.parametrize("case", table(), ids=lambda case: f"{case.kind}-{ascii(case.given)[:40]}")
def test_what_is_written_has_the_value_and_the_key_of_the_table(case: Case) -> None:
    if case.kind == "name":
        assert fold_name(case.given) == case.key
        return
    found = point(case.kind, case.given)
    assert ((found.value, found.key) if found else ("", "")) == (case.value, case.key)


@pytest.mark.feature("B09")
def test_the_table_has_more_than_three_hundred_cases_and_each_names_its_source() -> None:
    cases = table()
    assert len({(case.kind, case.given) for case in cases}) == len(cases) > 500
    assert {case.source for case in cases} == set(SOURCES)
    assert {case.kind for case in cases} == {"phone", "email", "vk", "telegram", "name"}
    assert sum(not case.key for case in cases) > 100


@pytest.mark.feature("B09")
@pytest.mark.parametrize(("kind", "key"), canonical_keys())
def test_a_key_is_canonical_and_its_own_key(kind: str, key: str) -> None:
    assert is_canonical(kind, key)
    written = f"+{key}" if kind == "phone" else key
    found = point(kind, written)
    assert found is not None
    assert found.key == key


@pytest.mark.feature("B09")
@pytest.mark.parametrize("key", provider_spellings())
def test_a_spelling_that_a_provider_does_not_tell_apart_has_another_key(key: str) -> None:
    found = point("email", key)
    assert found is not None
    assert found.key != key
    assert not is_canonical("email", key)
    assert is_canonical("email", found.key)


@pytest.mark.parametrize(("kind", "key"), refused_keys())
def test_another_spelling_is_not_canonical(kind: str, key: str) -> None:
    assert not is_canonical(kind, key)


def test_the_form_of_addresses_knows_all_providers() -> None:
    form = FORMS["email"]
    assert set(dict(form.unmarked)["+"]) == {home for home, _ in _PROVIDERS.values()}
    assert set(form.aliases) == {domain for domain, (home, _) in _PROVIDERS.items() if domain != home}
