"""One tree of errors: the docstring is the message, kind and slug are fixed words."""

import inspect
import re

import pytest

from shared.http.problems import STATUS
from shared.kernel import errors
from shared.kernel.errors import VoronkaError

TREE = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, VoronkaError)]


@pytest.mark.parametrize("error", TREE, ids=lambda error: error.__name__)
def test_an_error_has_a_sentence_a_slug_and_a_kind_with_a_status(error: type[VoronkaError]) -> None:
    assert (error.__doc__ or "").endswith(".")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.slug)
    assert error.kind in STATUS
    assert error.__name__.endswith("Error")


def test_an_error_says_its_docstring_or_what_it_is_given() -> None:
    assert str(errors.MissingError()) == "There is no such thing."
    assert str(errors.MissingError("нет такого")) == "нет такого"


def test_an_error_carries_what_the_edge_shows() -> None:
    assert errors.ConflictError(holder="Анна").extra == {"holder": "Анна"}


def test_only_what_passes_says_when_to_come_back() -> None:
    assert [error.__name__ for error in TREE if error.retry_after_s is not None] == ["BusyError"]
