"""The files that pages link to: read once, named by their content, answered from memory."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

VENDOR = "vendor/"
_TREE = "~"
_HASH_LENGTH = 12
_TYPES = {
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_PACKED = {".css", ".js", ".svg", ".json", ".webmanifest"}
_HIDDEN = {"LICENSE", "manifest.json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent; `packed` is its content by gzip, empty where that saves nothing."""

    content: bytes
    content_type: str
    version: str
    packed: bytes = b""


class MissingAssetError(LookupError):
    """A page links to a file that does not exist."""


class Assets:
    """All files under one folder, by their path in it.

    Our own files are addressed below a hash of all of them, so that what they import by relative addresses is named by
    content too. Released files of others lie in folders that carry their version; they have a hash of their own.
    """

    def __init__(self, folder: Path, *, reload: bool = False) -> None:
        self._folder = folder
        self._reload = reload
        self._load()

    def _load(self) -> None:
        self._assets = _read(self._folder, packing=not self._reload)
        own = "".join(
            f"{path} {asset.version}\n" for path, asset in self._assets.items() if not path.startswith(VENDOR)
        )
        self._tree = hashlib.sha256(own.encode()).hexdigest()[:_HASH_LENGTH]

    def find(self, path: str, version: str = "") -> tuple[Asset | None, bool]:
        """Return the file of an address below `/static/` and whether that address never changes its content."""
        if self._reload:
            self._load()
        tree, slash, rest = path.removeprefix(_TREE).partition("/")
        if path.startswith(_TREE) and slash:
            return self._assets.get(rest), tree == self._tree
        asset = self._assets.get(path)
        return asset, asset is not None and version == asset.version

    def address(self, path: str) -> str:
        """Return the address of a file that changes with its content; MissingAssetError for a missing one."""
        asset, _ = self.find(path)
        if asset is None and not self._reload:
            raise MissingAssetError(path)
        if asset is not None and path.startswith(VENDOR):
            return f"/static/{path}?v={asset.version}"
        return f"/static/{_TREE}{self._tree}/{path}"

    def named(self, name: str) -> str:
        """Return the address of the file of that name, wherever it lies; MissingAssetError when there is none."""
        found = next((path for path in self._assets if path.rpartition("/")[2] == name), None)
        if found is None:
            raise MissingAssetError(name)
        return self.address(found)


def _read(folder: Path, *, packing: bool) -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _HIDDEN and not path.name.startswith("."):
            content = path.read_bytes()
            version = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
            packed = gzip.compress(content, mtime=0) if packing and path.suffix in _PACKED else b""
            name = path.relative_to(folder).as_posix()
            found[name] = Asset(content, _type(path), version, packed if len(packed) < len(content) else b"")
    return found


def _type(path: Path) -> str:
    known = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return known or "application/octet-stream"
