"""The front's sources: nothing inline, nothing missing, colours and icons from their one place."""

import json
import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.gateway.icons import ICONS
from tests.services.gateway import front

_TAG = re.compile(r"<[a-z][^<>]*", re.IGNORECASE)
_STATIC = re.compile(r"""static\((?P<quote>["'])(?P<path>[^"']+)(?P=quote)(?P<joined>\s*~)?""")
_ICON = re.compile(r"""icon\(\s*["']([a-z0-9\-]+)["']""")
_CLASS = re.compile(r"\bv-[a-z0-9]+(?:-[a-z0-9]+)*\b")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", re.IGNORECASE)
_IMPORT = re.compile(r'^import [^;]*?from "(\.[^"]+)";', re.MULTILINE)


@pytest.mark.parametrize("name", front.names(front.TEMPLATES, ".html"))
def test_every_template_compiles(name: str) -> None:
    environment = Environment(
        loader=FileSystemLoader(front.TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    assert environment.get_template(name).name == name


@pytest.mark.parametrize(("name", "text"), list(front.templates()))
def test_no_template_has_inline_styles_scripts_or_handlers(name: str, text: str) -> None:
    tags = " ".join(_TAG.findall(text))
    assert re.search(r"""\sstyle\s*=""", tags) is None, name
    assert re.search(r"""\son[a-z]+\s*=""", tags) is None, name
    assert "<style" not in text
    assert "javascript:" not in text
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert all(
        "src=" in attributes or 'type="application/json"' in attributes for attributes, _ in scripts
    ), name


@pytest.mark.parametrize(("name", "text"), list(front.templates()))
def test_no_template_marks_anything_as_safe(name: str, text: str) -> None:
    assert re.search(r"\|\s*safe\b|autoescape", text) is None, name


def test_no_script_evaluates_text_or_leaves_globals() -> None:
    for name, text in front.scripts():
        assert re.search(r"\beval\(|new Function\(|document\.write", text) is None, name
        assert re.search(r"\b(?:window|globalThis)\.\w+ = ", text) is None, name


def test_every_static_file_that_templates_name_exists() -> None:
    named = [
        (name, found["path"])
        for name, text in front.templates()
        for found in _STATIC.finditer(text)
        if not found["joined"]
    ]
    assert len(named) > 5
    assert [item for item in named if not (front.STATIC / item[1]).is_file()] == []


def test_every_style_sheet_is_linked_by_a_page() -> None:
    linked = " ".join(text for _, text in front.templates())
    assert [
        name for name, _ in front.styles() if f'"{name[4:-4]}"' not in linked and name not in linked
    ] == []


def test_every_module_is_asked_for_at_once() -> None:
    listed = dict(front.templates())["parts/modules.html"]
    asked = set(re.findall(r'"([a-z/]+)"[,)]', listed))
    entries = {"app", "login"}
    assert asked == {name[3:-3] for name in front.names(front.STATIC, ".js")} - entries


@pytest.mark.parametrize(("name", "text"), list(front.scripts()))
def test_every_import_of_a_module_exists(name: str, text: str) -> None:
    folder = (front.STATIC / name).parent
    assert [path for path in _IMPORT.findall(text) if not (folder / path).resolve().is_file()] == []


def test_style_sheets_name_only_files_that_exist() -> None:
    for name, text in front.styles():
        folder = (front.STATIC / name).parent
        paths = [path for path in re.findall(r'url\("([^"]+)"\)', text) if not path.startswith("#")]
        assert [path for path in paths if not (folder / path).resolve().is_file()] == [], name


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    sources = (*front.templates(), *front.scripts(), *front.python())
    drawn = {icon for name, text in sources if name != "icons.py" for icon in _ICON.findall(text)}
    assert len(drawn) > 20
    assert drawn - set(ICONS) == set()


def test_the_sprite_holds_the_listed_icons() -> None:
    manifest = json.loads((front.STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    sprite = next(row["file"] for row in manifest if row["file"].endswith("sprite.svg"))
    text = (front.STATIC / "vendor" / sprite).read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([^"]+)"', text)) == set(ICONS)


def test_colours_stand_in_one_file() -> None:
    sheets = {name: _COLOUR.findall(re.sub(r'url\("[^"]*"\)', "", text)) for name, text in front.styles()}
    assert len(sheets.pop("css/tokens.css")) > 50
    assert {name: found for name, found in sheets.items() if found} == {}


def test_every_token_that_a_style_sheet_uses_is_defined() -> None:
    everything = "".join(text for _, text in front.styles())
    used = set(re.findall(r"var\((--v-[a-z0-9\-]+)", everything))
    assert used - set(re.findall(r"(--v-[a-z0-9\-]+):", everything)) == set()


def test_every_class_that_a_page_uses_has_a_style_or_a_script() -> None:
    styled = {name for _, text in front.styles() for name in _CLASS.findall(text)}
    wanted = {name for _, text in front.scripts() for name in _CLASS.findall(text)}
    used: dict[str, str] = {}
    for name, text in front.templates():
        for value in re.findall(r'class="([^"]*)"', text):
            used.update(dict.fromkeys(_CLASS.findall(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", value)), name))
    assert {name: where for name, where in used.items() if name not in styled | wanted} == {}


class _Names(HTMLParser):
    """Collects buttons and links that nobody could name aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.unnamed_inputs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image without its text."""
        found = dict(attrs)
        if tag == "img" and "alt" not in found:
            self.unnamed_inputs.append(self.get_starttag_text() or tag)


@pytest.mark.parametrize(("name", "text"), list(front.templates()))
def test_images_have_their_text(name: str, text: str) -> None:
    parser = _Names()
    parser.feed(re.sub(r"\{[{%].*?[}%]\}", "", text))
    assert parser.unnamed_inputs == [], name
