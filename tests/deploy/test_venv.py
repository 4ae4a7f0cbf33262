"""The Python environment: made once, by what the machine has, and brought up to the lock file."""

import hashlib
import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import packages, venv
from deploy.local.progress import Progress

QUIET = Progress(quiet=True)


class FakeMachine:
    """Takes the commands; making an environment succeeds at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.commands: list[str] = []
        self.works = False
        self._folder = folder
        monkeypatch.setattr(venv, "_run", self._run)
        monkeypatch.setattr(venv, "_works", lambda: self.works)

    def _run(self, command: list[str]) -> None:
        self.commands.append(" ".join(command))
        self._folder.mkdir(exist_ok=True)
        self.works = True


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeMachine:
    folder = tmp_path / ".venv"
    lock = tmp_path / "requirements.lock"
    lock.write_text("first")
    for name, value in {"FOLDER": folder, "_LOCK": lock, "_STAMP": folder / "installed"}.items():
        monkeypatch.setattr(venv, name, value)
    return FakeMachine(monkeypatch, folder)


@pytest.fixture
def having(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def choose(*, uv: bool = False, ensurepip: bool = True, root: bool = False) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if uv and name == "uv" else None)
        found = object() if ensurepip else None
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: found)
        monkeypatch.setattr(packages, "can_install", lambda: root)

    return choose


def test_pip_installs_the_lock_with_its_hashes(machine: FakeMachine, having: Callable[..., None]) -> None:
    having()
    venv.ensure(QUIET)
    made, installed = machine.commands
    assert "-m venv" in made
    assert "-m pip install" in installed
    assert "--require-hashes" in installed


def test_uv_is_preferred_where_it_is(machine: FakeMachine, having: Callable[..., None]) -> None:
    having(uv=True, ensurepip=False)
    venv.ensure(QUIET)
    assert machine.commands[0].startswith("/usr/bin/uv venv")
    assert machine.commands[1].startswith("/usr/bin/uv pip install")
    assert "--require-hashes" in machine.commands[1]


def test_a_second_start_does_nothing_and_a_new_lock_installs_again(
    machine: FakeMachine, having: Callable[..., None], tmp_path: Path
) -> None:
    having()
    venv.ensure(QUIET)
    venv.ensure(QUIET)
    assert len(machine.commands) == 2
    (tmp_path / "requirements.lock").write_text("second")
    venv.ensure(QUIET)
    assert len(machine.commands) == 3
    assert (tmp_path / ".venv" / "installed").read_text() == hashlib.sha256(b"second").hexdigest()


def test_an_environment_whose_python_is_gone_is_made_anew(
    machine: FakeMachine, having: Callable[..., None]
) -> None:
    having()
    venv.ensure(QUIET)
    machine.works = False
    venv.ensure(QUIET)
    assert len(machine.commands) == 4


def test_root_gets_the_missing_venv_module_installed(
    machine: FakeMachine, having: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(packages, "install", lambda names, _: installed.extend(names))
    having(ensurepip=False, root=True)
    venv.ensure(QUIET)
    assert len(installed) == 1
    assert installed[0].endswith("-venv")
    assert machine.commands


def test_others_are_told_what_to_install(machine: FakeMachine, having: Callable[..., None]) -> None:
    having(ensurepip=False)
    with pytest.raises(venv.EnvironmentFailedError, match="python3-venv"):
        venv.ensure(QUIET)
    assert not machine.commands
