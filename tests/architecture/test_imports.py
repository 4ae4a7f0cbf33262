"""Importing does nothing: no connection, no thread, no file written, no statement that works."""

import ast
import json
import subprocess
import sys

from tests.architecture.tree import PRODUCT, ROOT, modules

BY_ALEMBIC = "shared/database/alembic/env.py"
_STATEMENTS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)

_PROBE = """
import importlib, json, sys, threading
seen = []
quiet = {"socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename", "os.putenv"}

def hook(event, arguments):
    if event in quiet:
        seen.append(f"{event} {arguments!r}"[:200])
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append(f"open {arguments[0]!r} {arguments[1]}"[:200])

sys.dont_write_bytecode = True
sys.addaudithook(hook)
for name in json.loads(sys.stdin.read()):
    importlib.import_module(name)
seen += [f"thread {item.name}" for item in threading.enumerate() if item is not threading.main_thread()]
print(json.dumps(seen))
"""


def test_the_statements_of_a_module_only_name_things() -> None:
    wrong = []
    for module in modules(*PRODUCT):
        for item in module.tree.body:
            known = isinstance(item, _STATEMENTS) or _is_docstring(item) or _is_guard(item)
            if not known and module.name != BY_ALEMBIC:
                wrong.append(f"{module.name}:{item.lineno}")
    assert wrong == []


def _is_docstring(item: ast.stmt) -> bool:
    return (
        isinstance(item, ast.Expr)
        and isinstance(item.value, ast.Constant)
        and isinstance(item.value.value, str)
    )


def _is_guard(item: ast.stmt) -> bool:
    """Say whether the statement is `if __name__ == "__main__"` or `if TYPE_CHECKING`."""
    return isinstance(item, ast.If) and (
        "__name__" in ast.unparse(item.test) or "TYPE_CHECKING" in ast.unparse(item.test)
    )


def test_importing_everything_connects_starts_and_writes_nothing() -> None:
    names = [
        module.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for module in modules(*PRODUCT)
        if module.name != BY_ALEMBIC and "migrations/versions" not in module.name
    ]
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _PROBE],
        input=json.dumps(names),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    assert json.loads(found.stdout) == []


def test_no_module_opens_an_engine_or_reads_settings_when_it_is_imported() -> None:
    wrong = []
    calls = {"open_engine", "open_pool", "create_async_engine", "load", "getenv", "connect", "run"}
    for module in modules(*PRODUCT):
        for item in module.tree.body:
            if isinstance(item, ast.Assign | ast.AnnAssign) and item.value is not None:
                wrong += [f"{module.name}:{item.lineno} {name}" for name in _called(item.value) & calls]
    assert wrong == []


def _called(value: ast.expr) -> set[str]:
    found = set()
    for item in ast.walk(value):
        if isinstance(item, ast.Call):
            function = item.func
            found.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return found
