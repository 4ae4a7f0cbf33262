"""The sources of the front: templates, scripts and styles as text, for the tests that read them."""

import re
from collections.abc import Iterator
from pathlib import Path

import services.gateway

GATEWAY = Path(services.gateway.__file__).parent
TEMPLATES = GATEWAY / "templates"
STATIC = GATEWAY / "static"

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def names(folder: Path, suffix: str) -> list[str]:
    """Return the paths of our own files of a kind below a folder, without what others released."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob(f"*{suffix}")))
    return [path.as_posix() for path in found if path.parts[0] != "vendor"]


def templates() -> Iterator[tuple[str, str]]:
    """Yield each template's name and its text without comments."""
    for name in names(TEMPLATES, ".html"):
        yield name, _COMMENT.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


def scripts() -> Iterator[tuple[str, str]]:
    """Yield each module's path below static and its text."""
    for name in names(STATIC, ".js"):
        yield name, (STATIC / name).read_text(encoding="utf-8")


def styles() -> Iterator[tuple[str, str]]:
    """Yield each style sheet's path below static and its text."""
    for name in names(STATIC, ".css"):
        yield name, (STATIC / name).read_text(encoding="utf-8")


def python() -> Iterator[tuple[str, str]]:
    """Yield the gateway's own modules that speak to readers, without the catalogue itself."""
    for path in sorted(GATEWAY.rglob("*.py")):
        name = path.relative_to(GATEWAY).as_posix()
        if not name.startswith(("language/ru/", "language/en/")):
            yield name, path.read_text(encoding="utf-8")
