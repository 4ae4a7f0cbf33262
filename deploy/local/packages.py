"""System packages on Debian and Ubuntu: installed by root when they are missing, without starting anything."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.progress import Progress

_POLICY = Path("/usr/sbin/policy-rc.d")
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/voronka.conf")
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l"}


class InstallError(Exception):
    """apt-get could not install the packages; the message ends with what it said."""


def can_install() -> bool:
    """Say whether packages can be installed here: apt-get is there and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: Sequence[str], progress: Progress) -> None:
    """Install the packages, with fresh lists if the known ones do not do; InstallError if that fails."""
    title = f"installing {' and '.join(names)} with apt-get"
    with progress.step(title, announce=True), _nothing_starts(), _no_cluster_is_made():
        command = ["install", "-y", "--no-install-recommends", *names]
        if _apt(*command).returncode:
            _apt("update")
            done = _apt(*command)
            if done.returncode:
                raise InstallError(f"{title} failed: {_end(done.stderr or done.stdout)}")


def _apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _end(said: str) -> str:
    return " / ".join(said.strip().splitlines()[-3:])


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Forbid packages to start their services; a policy that the machine has already stays as it is."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


@contextmanager
def _no_cluster_is_made() -> Iterator[None]:
    """Let PostgreSQL's package make no cluster of its own: ours is private."""
    if _NO_CLUSTER.exists():
        yield
        return
    _NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    _NO_CLUSTER.write_text("create_main_cluster = false\n", encoding="utf-8")
    try:
        yield
    finally:
        _NO_CLUSTER.unlink()
