"""Whose processes the private servers are, and where their data may lie so that these users reach it."""

import hashlib
import os
import pwd
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

FAR = Path("/var/lib/voronka")
_OWNER = "belongs-to"


@dataclass(frozen=True, slots=True)
class Account:
    """The user that a server runs as; an empty name means: the one who started us."""

    name: str = ""

    @property
    def ids(self) -> tuple[int, int]:
        """The user's and his group's number; KeyError when the machine does not know him."""
        if not self.name:
            return os.getuid(), os.getgid()
        entry = pwd.getpwnam(self.name)
        return entry.pw_uid, entry.pw_gid

    def own(self, path: Path, mode: int) -> None:
        """Give the file or folder to the account with that mode."""
        if self.name:
            os.chown(path, *self.ids)
        path.chmod(mode)


OURS = Account()


def account(name: str) -> Account:
    """Return the server's own account when we are root, else ours; KeyError when root has none for it."""
    if os.geteuid() != 0:
        return OURS
    pwd.getpwnam(name)
    return Account(name)


def reachable(folder: Path) -> bool:
    """Say whether every user may walk down to the folder."""
    real = folder.resolve()
    known = [path for path in (real, *real.parents) if path.exists()]
    return all(path.stat().st_mode & stat.S_IXOTH for path in known)


def server_folder(local: Path, identity: str) -> Path:
    """Return where the private servers keep their data: under `.local/`, or far away when they cannot reach it.

    `identity` is the random name of this `.local/`: far data of one that was deleted is put aside, not mixed in.
    """
    if os.geteuid() != 0 or reachable(local):
        return local
    folder = FAR / hashlib.sha256(str(local.resolve()).encode()).hexdigest()[:16]
    owner = folder / _OWNER
    if owner.exists() and owner.read_text(encoding="utf-8") != identity:
        shutil.move(folder, folder.with_name(f"{folder.name}.{int(time.time())}"))
    folder.mkdir(parents=True, exist_ok=True)
    owner.write_text(identity, encoding="utf-8")
    owner.chmod(0o600)
    return folder


def make_folder(path: Path, owner: Account, mode: int = 0o700) -> Path:
    """Make the folder for the account and return it."""
    path.mkdir(parents=True, exist_ok=True)
    owner.own(path, mode)
    return path
