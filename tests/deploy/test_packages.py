"""Installing packages: nothing starts, nothing of ours stays behind, and what failed is told."""

import subprocess
from pathlib import Path

import pytest

from deploy.local import packages
from deploy.local.progress import Progress


class FakeApt:
    """apt-get that fails as long as the test says, and looks at the machine while it works."""

    def __init__(self, policy: Path, no_cluster: Path, *, failures: int) -> None:
        self.calls: list[str] = []
        self.seen: list[bool] = []
        self._files = (policy, no_cluster)
        self._failures = failures

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Do as if."""
        self.calls.append(arguments[0])
        self.seen.append(all(file.exists() for file in self._files))
        failed = arguments[0] == "install" and self.calls.count("install") <= self._failures
        return subprocess.CompletedProcess(arguments, 100 if failed else 0, "", "E: Unable to locate package")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Path, Path]:
    policy, no_cluster = tmp_path / "policy-rc.d", tmp_path / "createcluster.d" / "voronka.conf"
    monkeypatch.setattr(packages, "_POLICY", policy)
    monkeypatch.setattr(packages, "_NO_CLUSTER", no_cluster)
    return policy, no_cluster


def _install(monkeypatch: pytest.MonkeyPatch, apt: FakeApt) -> None:
    monkeypatch.setattr(packages, "_apt", apt)
    packages.install(["postgresql"], Progress(quiet=True))


def test_nothing_may_start_while_packages_are_installed(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = FakeApt(*files, failures=0)
    _install(monkeypatch, apt)
    assert apt.calls == ["install"]
    assert apt.seen == [True]
    assert not any(file.exists() for file in files)


def test_old_lists_are_brought_up_to_date_once(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = FakeApt(*files, failures=1)
    _install(monkeypatch, apt)
    assert apt.calls == ["install", "update", "install"]


def test_what_failed_is_told_and_nothing_of_ours_stays(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(packages.InstallError, match="Unable to locate package"):
        _install(monkeypatch, FakeApt(*files, failures=2))
    assert not any(file.exists() for file in files)


def test_a_policy_of_the_machine_stays_as_it_is(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files[0].write_text("the machine's own")
    _install(monkeypatch, FakeApt(*files, failures=0))
    assert files[0].read_text() == "the machine's own"
