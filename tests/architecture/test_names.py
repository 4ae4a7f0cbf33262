"""Names that say what a thing is, and a sentence at the head of every module."""

import ast
import re

from tests.architecture.tree import EVERYTHING, PRODUCT, modules, unit_folders, units

LUMBER_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils"}
_SENTENCE = re.compile(r"test_[a-z0-9]+(_[a-z0-9]+){2,}")


def test_no_module_is_a_lumber_room() -> None:
    names = [part for module in modules(*EVERYTHING) for part in module.path.with_suffix("").parts]
    assert LUMBER_ROOMS.isdisjoint(names)


def test_no_class_is_the_service_of_something() -> None:
    found = [item.name for module in modules(*EVERYTHING) for item in module.classes]
    assert [name for name in found if re.search(r"(Service|Manager|Helper|Utils?)$", name)] == []


def test_every_module_begins_with_one_line_about_itself() -> None:
    wrong = []
    for module in modules(*EVERYTHING):
        first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
        if not first or len(first) > 140:
            wrong.append(module.name)
    assert wrong == []


def test_every_error_is_a_sentence_that_ends_in_error() -> None:
    found = [
        item
        for module in modules(*PRODUCT)
        for item in module.classes
        for base in item.bases
        if isinstance(base, ast.Name) and base.id.endswith("Error")
    ]
    assert found
    assert [item.name for item in found if not item.name.endswith("Error")] == []
    assert [item.name for item in found if not (ast.get_docstring(item) or "").endswith(".")] == []


def test_subscribers_are_named_by_what_they_do_on_what() -> None:
    names = [
        handler.__name__
        for unit in units()
        for subscription in unit.subscriptions
        for _, handler in subscription.handlers
    ]
    assert names
    assert [name for name in names if not re.fullmatch(r"[a-z_]+_on_[a-z_]+", name)] == []


def test_test_names_are_sentences() -> None:
    found = [
        f"{module.name} {function.name}"
        for module in modules("tests")
        for function in module.functions
        if function.name.startswith("test_") and not _SENTENCE.fullmatch(function.name)
    ]
    assert found == []


def test_every_unit_has_a_card() -> None:
    for folder in unit_folders():
        card = folder / "README.md"
        assert card.exists(), folder.name
        text = card.read_text(encoding="utf-8").lower()
        assert text.startswith(f"# {folder.name}"), folder.name
        for word in ("publish", "listen", "process" if folder.parent.name == "services" else "python -m"):
            assert word in text, f"{folder.name} says nothing of «{word}»"
        assert len(text.splitlines()) <= 70, f"{folder.name}: a card is one page"


def test_migrations_carry_their_number_and_their_moment() -> None:
    files = [path for folder in unit_folders() for path in folder.glob("migrations/versions/*.py")]
    assert files
    assert [path.name for path in files if not re.fullmatch(r"\d{4}_(pre|post)_[a-z_]+\.py", path.name)] == []


def test_every_advisory_lock_has_a_number_of_its_own() -> None:
    found = [
        number.replace("_", "")
        for module in modules(*PRODUCT)
        for number in re.findall(r"\b7_?362_?\d{3}\b", module.path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 3
    assert len(found) == len(set(found))
