"""Where the data of private servers lie, and what happens to the data of a clone that was thrown away."""

import os
from pathlib import Path

import pytest

from deploy.local import accounts
from deploy.local.accounts import Account, make_folder, reachable, server_folder


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(accounts, "FAR", tmp_path / "far")
    return tmp_path / "far"


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "clone" / ".local"
    folder.mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    return folder


def test_a_folder_below_a_closed_one_is_not_reachable(closed: Path) -> None:
    assert not reachable(closed)


def test_without_root_the_data_always_lie_in_the_clone(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_folder(closed, "one") == closed


def test_root_keeps_the_data_of_a_closed_clone_far_away(closed: Path, as_root: Path) -> None:
    folder = server_folder(closed, "one")
    assert folder.parent == as_root
    assert server_folder(closed, "one") == folder


def test_root_keeps_the_data_of_an_open_clone_in_it(as_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "reachable", lambda _: True)
    local = as_root.parent / ".local"
    assert server_folder(local, "one") == local
    assert not as_root.exists()


def test_data_of_a_deleted_local_folder_are_put_aside_not_mixed_in(closed: Path, as_root: Path) -> None:
    folder = server_folder(closed, "one")
    (folder / "data").write_text("of the first")
    assert server_folder(closed, "two") == folder
    assert not (folder / "data").exists()
    aside = [path for path in as_root.iterdir() if path != folder]
    assert [(path / "data").read_text() for path in aside] == ["of the first"]


def test_a_folder_of_our_own_is_closed_to_others(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "postgres", Account())
    assert made.stat().st_mode & 0o777 == 0o700
