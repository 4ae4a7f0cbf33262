"""The tree as the rules see it: modules, functions, units."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.runtime.declaration import Unit

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared", "services", "connectors")
EVERYTHING = (*PRODUCT, "deploy", "bench", "chaos", "tests")


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root."""
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _parsed(self.path)

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods in it, nested ones too."""
        return [
            item for item in ast.walk(self.tree) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    @property
    def classes(self) -> list[ast.ClassDef]:
        """All classes in it."""
        return [item for item in ast.walk(self.tree) if isinstance(item, ast.ClassDef)]


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def modules(*rooms: str) -> tuple[Module, ...]:
    """Return the modules of some rooms of the tree, by name."""
    return tuple(
        Module(path)
        for room in rooms
        for path in sorted((ROOT / room).rglob("*.py"))
        if "__pycache__" not in path.parts and "node_modules" not in path.parts
    )


def unit_folders() -> list[Path]:
    """Return the folders of all services and connectors."""
    found = [
        path
        for room in ("services", "connectors")
        for path in sorted((ROOT / room).iterdir())
        if (path / "__init__.py").exists()
    ]
    assert found
    return found


def units() -> Iterator[Unit]:
    """Yield the declarations of all units."""
    for folder in unit_folders():
        for module, name in (("service", "SERVICE"), ("connector", "CONNECTOR")):
            if (folder / f"{module}.py").exists():
                found = importlib.import_module(f"{folder.parent.name}.{folder.name}.{module}")
                unit = getattr(found, name)
                assert isinstance(unit, Unit)
                yield unit


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, decorators aside."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def percentile(values: list[int], share: float) -> int:
    """Return the value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
