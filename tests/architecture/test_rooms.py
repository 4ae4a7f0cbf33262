"""The tree is the architecture: every unit has the rooms of the design and no others, and imports run one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, Module, modules, unit_folders

OF_A_SERVICE = {
    "README.md",
    "__init__.py",
    "__main__.py",
    "service.py",
    "bootstrap.py",
    "settings.py",
    "domain",
    "application",
    "adapters",
    "entrypoints",
    "migrations",
}
OF_ANY_SERVICE = {"README.md", "__init__.py", "__main__.py", "service.py", "bootstrap.py", "settings.py"}
OF_A_CONNECTOR = {"README.md", "__init__.py", "__main__.py", "connector.py", "bootstrap.py", "settings.py"}
OF_AN_APPLICATION = {"__init__.py", "commands", "ports.py", "views.py", "published.py"}
MORE = {
    "gateway": {"pages", "language", "templates", "static", "icons.py", "vendor.py", "version.py"},
}
"""The gateway draws pages: its view models, texts, templates and front-end files have rooms of their own."""
MORE_IN_APPLICATION = {
    "gateway": {
        "streams.py",
        "read_lead.py",
        "read_board.py",
        "act_on_lead.py",
        "move_inquiry.py",
        "merge_openapi.py",
        "undelivered.py",
    },
    "leads": {"rights.py"},
}
SQL = {"select", "insert", "update", "delete", "text", "Table", "Column"}

services = pytest.mark.parametrize(
    "folder", [path for path in unit_folders() if path.parent.name == "services"], ids=lambda path: path.name
)


def names(folder: Path) -> set[str]:
    """Return what lies in a folder, caches aside."""
    return {path.name for path in folder.iterdir() if path.name != "__pycache__"}


@services
def test_a_service_has_the_rooms_of_the_design_and_no_others(folder: Path) -> None:
    found = names(folder)
    assert found >= OF_ANY_SERVICE
    assert found - OF_A_SERVICE <= MORE.get(folder.name, set())


@services
def test_an_application_room_holds_use_cases_and_what_they_need(folder: Path) -> None:
    if (folder / "application").exists():
        found = names(folder / "application") - OF_AN_APPLICATION
        assert found <= MORE_IN_APPLICATION.get(folder.name, set())


@pytest.mark.parametrize(
    "folder",
    [path for path in unit_folders() if path.parent.name == "connectors"],
    ids=lambda path: path.name,
)
def test_a_connector_has_its_declaration_its_root_and_its_providers(folder: Path) -> None:
    assert names(folder) >= OF_A_CONNECTOR | {"providers"}


@pytest.mark.parametrize("folder", unit_folders(), ids=lambda path: path.name)
def test_a_process_is_started_in_a_few_lines(folder: Path) -> None:
    assert Module(folder / "__main__.py").lines <= 10


def test_import_linter_passes() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run(  # noqa: S603 - a tool of the environment
        [str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-3000:]
    assert "0 broken" in found.stdout


def test_the_domain_is_pure_no_await_no_clock_no_chance() -> None:
    wrong = []
    for module in modules("services"):
        if "domain" in module.path.parts:
            wrong += [f"{module.name}:{line}: {what}" for line, what in _impure(module.tree)]
    assert wrong == []


def _impure(tree: ast.Module) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for item in ast.walk(tree):
        if isinstance(item, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            found.append((item.lineno, "await"))
        if isinstance(item, ast.Attribute) and item.attr in {"now", "utcnow", "today", "getenv", "environ"}:
            found.append((item.lineno, item.attr))
        if isinstance(item, ast.ImportFrom) and item.module in {"random", "secrets", "time", "os", "pathlib"}:
            found.append((item.lineno, f"from {item.module}"))
        if isinstance(item, ast.Import):
            impure = {"random", "secrets", "time", "os", "asyncio", "socket"}
            found += [(item.lineno, alias.name) for alias in item.names if alias.name in impure]
        if isinstance(item, ast.Name) and item.id in {"utc_now", "open", "print"}:
            found.append((item.lineno, item.id))
    return found


def test_sql_stands_in_the_adapters_only() -> None:
    found = set()
    for module in modules("services", "connectors"):
        if {"entrypoints", "application", "domain"} & set(module.path.parts):
            for item in ast.walk(module.tree):
                if isinstance(item, ast.ImportFrom) and (item.module or "").startswith("sqlalchemy"):
                    found |= {module.name for alias in item.names if alias.name in SQL}
    assert found == set()
