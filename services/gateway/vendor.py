"""Vendoring of released front-end files: `python -m services.gateway.vendor` refreshes them and the manifest."""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.gateway.icons import ICONS

VENDOR = Path(__file__).parent / "static" / "vendor"
_MIT = """The MIT License (MIT)

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One released package: which of its files we ship, and who holds the rights when it carries no licence file."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    holder: str = ""

    @property
    def folder(self) -> str:
        """The folder under `static/vendor`."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"


_ICONS = Package("@tabler/icons", "3.52.0", "MIT", ())
PACKAGES = (
    Package(
        "@tabler/core",
        "1.6.1",
        "MIT",
        ("dist/css/tabler.min.css",),
        "2018-2026 The Tabler Authors, codecalm.net",
    ),
    Package("htmx.org", "2.0.11", "0BSD", ("dist/htmx.min.js",)),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "OFL-1.1",
        tuple(f"files/inter-{part}-wght-normal.woff2" for part in ("cyrillic", "latin", "latin-ext")),
    ),
    _ICONS,
)


def refresh(target: Path = VENDOR) -> list[dict[str, str]]:
    """Fetch every package, write its files and the manifest; return the manifest's rows."""
    rows: list[dict[str, str]] = []
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as name:
            source = _unpack(package, Path(name))
            folder = target / package.folder
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "LICENSE").write_text(_licence(package, source), encoding="utf-8")
            written = [_copy(source / file, folder) for file in package.files]
            if package is _ICONS:
                written.append(_sprite(source, folder))
            rows += [_row(package, file, target) for file in written]
    (target / "manifest.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return rows


def _unpack(package: Package, folder: Path) -> Path:
    """Return the folder of the package as released; CalledProcessError when it cannot be fetched."""
    command = ["npm", "pack", f"{package.name}@{package.version}", "--silent"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed names above
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _licence(package: Package, source: Path) -> str:
    found = next((path for path in source.iterdir() if path.name.lower().startswith("licen")), None)
    return found.read_text(encoding="utf-8") if found else _MIT.format(holder=package.holder)


def _copy(source: Path, folder: Path) -> Path:
    text = source.read_bytes()
    if source.suffix in {".css", ".js"}:  # the maps that the last line names are not shipped
        text = re.sub(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*", b"", text)
    target = folder / source.name
    target.write_bytes(text)
    return target


def _sprite(source: Path, folder: Path) -> Path:
    """Write the icons we use as the symbols of one file; the page's own style draws their strokes."""
    symbols = []
    for name in ICONS:
        style = "filled" if name.endswith("-filled") else "outline"
        text = (source / "icons" / style / f"{name.removesuffix('-filled')}.svg").read_text(encoding="utf-8")
        inner = re.sub(r"\s+", " ", text.partition(">")[2].rpartition("</svg>")[0]).strip()
        inner = inner.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" /> ', "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    target = folder / "sprite.svg"
    target.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8"
    )
    return target


def _row(package: Package, file: Path, target: Path) -> dict[str, str]:
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "file": file.relative_to(target).as_posix(),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    sys.stdout.write("".join(f"{row['sha256'][:12]}  {row['file']}\n" for row in refresh()))
