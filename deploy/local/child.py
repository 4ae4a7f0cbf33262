"""Become another program that ends together with its parent, whatever ends the parent.

`python -I -S child.py <signal> <parent's pid> <user or -> <lock or -> <program> <argument>…`. The kernel forgets the
wish when the user changes, so the order is: take the lock, change the user, ask for the signal, look whether the
parent is still there, become the program. The lock stays with the program until it is gone. Only the standard library
is used, and nothing of this package: the file is run by its path.
"""

import ctypes
import fcntl
import os
import pwd
import signal
import sys

_PR_SET_PDEATHSIG = 1


def hold(lock: str) -> None:
    """Wait for the lock and keep it open for the program that we become."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no keyword


def become_user(name: str) -> None:
    """Give up root for the named user, his group and his further groups."""
    entry = pwd.getpwnam(name)
    os.initgroups(name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def end_with_parent(number: int, parent: int) -> None:
    """Ask the kernel for the signal at the parent's death; end at once when the parent is already gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Do it; returns only by an exception."""
    number, parent, user, lock, *command = arguments
    if lock != "-":
        hold(lock)
    if user != "-":
        become_user(user)
    end_with_parent(int(number), int(parent))
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
