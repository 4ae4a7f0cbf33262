"""The files that pages link to."""

from pathlib import Path

import pytest

from services.gateway.adapters.assets import Assets, MissingAssetError
from tests.booting import Running
from tests.services.gateway.browser import Browser

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a few files."""
    for path, text in {
        "css/base.css": "a{}",
        "js/app.js": "1",
        "vendor/kit-1/kit.css": "b{}",
        "vendor/kit-1/LICENSE": "MIT",
        "vendor/icons-1/sprite.svg": "<svg/>",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_the_address_of_our_file_changes_with_any_of_our_files(folder: Path) -> None:
    before = Assets(folder).address("css/base.css")
    (folder / "js/app.js").write_text("2")
    assert Assets(folder).address("css/base.css") != before
    assert before.startswith("/static/~")
    assert before.endswith("/css/base.css")


def test_a_released_file_has_a_version_of_its_own(folder: Path) -> None:
    before = Assets(folder)
    (folder / "js/app.js").write_text("2")
    assert Assets(folder).address("vendor/kit-1/kit.css") == before.address("vendor/kit-1/kit.css")
    assert Assets(folder).named("sprite.svg").startswith("/static/vendor/icons-1/sprite.svg?v=")


def test_a_link_to_a_file_that_does_not_exist_is_an_error(folder: Path) -> None:
    assets = Assets(folder)
    with pytest.raises(MissingAssetError):
        assets.address("css/none.css")
    with pytest.raises(MissingAssetError):
        assets.named("none.svg")
    assert assets.find("vendor/kit-1/LICENSE") == (None, False)


def test_for_work_on_the_pages_files_are_read_anew(folder: Path) -> None:
    assets = Assets(folder, reload=True)
    (folder / "css/base.css").write_text("c{}")
    asset, _ = assets.find("css/base.css")
    assert asset is not None
    assert asset.content == b"c{}"
    assert assets.address("js/later.js").endswith("/js/later.js")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("css/base.css", "text/css; charset=utf-8"),
        ("js/app.js", "text/javascript; charset=utf-8"),
        ("vendor/tabler-icons-3.52.0/sprite.svg", "image/svg+xml"),
        ("vendor/fontsource-variable-inter-5.3.0/inter-cyrillic-wght-normal.woff2", "font/woff2"),
    ],
)
async def test_a_file_named_by_its_content_is_kept_for_ever(
    stranger: Browser, gateway: Running, path: str, content_type: str
) -> None:
    answer = await stranger.get(gateway.app.assets.address(path))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.headers["cache-control"] == FOREVER
    assert answer.content


async def test_a_file_without_its_version_is_asked_about_again(stranger: Browser) -> None:
    for address in ("/static/css/base.css", "/static/css/base.css?v=old", "/static/~old/css/base.css"):
        answer = await stranger.get(address)
        assert answer.headers["cache-control"] == "public, no-cache"
        again = await stranger.http.get(
            address, headers={"If-None-Match": f'"other", W/{answer.headers["etag"]}'}
        )
        assert (again.status_code, again.content) == (304, b"")


async def test_texts_are_packed_for_browsers_that_unpack(stranger: Browser, gateway: Running) -> None:
    address = gateway.app.assets.address("vendor/tabler-core-1.6.1/tabler.min.css")
    packed = await stranger.http.get(address, headers={"Accept-Encoding": "gzip"})
    plain = await stranger.http.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 4
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["none.css", "../settings.py", "%2e%2e/settings.py", "vendor/manifest.json", "", "css", "~"]
)
async def test_nothing_but_these_files_is_sent(stranger: Browser, path: str) -> None:
    answer = await stranger.get(f"/static/{path}")
    assert answer.status_code == 404


async def test_browsers_that_ask_for_an_icon_get_it(stranger: Browser) -> None:
    answer = await stranger.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/")
