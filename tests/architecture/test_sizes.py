"""Short tails: no long file, no long function; what is aimed at is printed."""

from collections.abc import Iterator

import pytest

from tests.architecture.tree import EVERYTHING, PRODUCT, Module, length, modules, percentile

LONGEST_FILE, LONGEST_FUNCTION = 300, 50
AIM_FILE, AIM_FUNCTION = 150, 25
EXCEPTIONS: dict[str, str] = {}
"""A file that may be longer -> why."""


def too_long(found: tuple[Module, ...]) -> Iterator[str]:
    """Yield what is longer than allowed."""
    for module in found:
        if module.lines > LONGEST_FILE and module.name not in EXCEPTIONS:
            yield f"{module.name}: {module.lines} lines"
        for function in module.functions:
            if length(function) > LONGEST_FUNCTION:
                yield f"{module.name}:{function.lineno} {function.name}: {length(function)} lines"


def test_no_file_is_over_300_lines_and_no_function_over_50() -> None:
    assert list(too_long(modules(*EVERYTHING))) == []


def test_an_exception_is_still_needed() -> None:
    long = {module.name for module in modules(*EVERYTHING) if module.lines > LONGEST_FILE}
    assert set(EXCEPTIONS) <= long


@pytest.mark.parametrize("rooms", [PRODUCT, ("tests",)], ids=["product", "tests"])
def test_nearly_all_are_much_shorter(rooms: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    found = [module for module in modules(*rooms) if module.name not in EXCEPTIONS]
    files = [module.lines for module in found]
    functions = [length(function) for module in found for function in module.functions]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this test is for
            f"\n{'+'.join(rooms)}: {len(files)} files, p95 {percentile(files, 0.95)} lines (aim {AIM_FILE}), "
            f"longest {max(files)}; {len(functions)} functions, p95 {percentile(functions, 0.95)} lines "
            f"(aim {AIM_FUNCTION}), longest {max(functions)}"
        )
    assert percentile(files, 0.95) <= LONGEST_FILE
    assert percentile(functions, 0.95) <= LONGEST_FUNCTION
