"""Tests assert, none is skipped, and nothing is left for later."""

import ast
import re

from tests.architecture.tree import EVERYTHING, ROOT, modules

_LATER = re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b")
_ASSERTING = {"raises", "warns", "expect", "eventually", "settled", "fail"}
"""What fails by itself when something is not so, or not so in time."""
_SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = [
        f"{module.name}:{item.lineno}"
        for module in modules("tests")
        for item in ast.walk(module.tree)
        if isinstance(item, ast.Attribute) and item.attr in _SKIPS
    ]
    assert found == []


def test_every_test_asserts_something() -> None:
    wrong = []
    for module in modules("tests"):
        asserting = _asserting(module.tree)
        for function in module.functions:
            if function.name.startswith("test_") and not _asserts(function, asserting):
                wrong += [f"{module.name}:{function.lineno} {function.name}"]
    assert wrong == []


def _asserting(tree: ast.Module) -> set[str]:
    """Return the functions of a module that assert, so that a test may leave it to them."""
    return {
        item.name
        for item in ast.walk(tree)
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and _asserts(item, set())
    }


def _asserts(function: ast.AST, asserting: set[str]) -> bool:
    for item in ast.walk(function):
        if isinstance(item, ast.Assert):
            return True
        name = item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "")
        if name in asserting | _ASSERTING:
            return True
    return False


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{module.name}:{number}"
        for module in modules(*EVERYTHING)
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), start=1)
        if _LATER.search(line)
    ]
    assert found == []


def test_the_lock_holds_versions_with_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?)==\S+", text, re.MULTILINE | re.IGNORECASE)
    assert len(pinned) > 30
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pinned)
