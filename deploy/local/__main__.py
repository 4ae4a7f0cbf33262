"""`python3 -m deploy.local <verb>`: makes the Python environment if need be, then hands over to `commands` in it.

This file is read by any Python 3: on a machine whose python3 is too old it looks for a newer one.
"""

import importlib
import os
import shutil
import sys

OLDEST = (3, 11)
_NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def find_newer() -> str:
    """Return an installed Python that is new enough, or an empty text."""
    return next((path for path in map(shutil.which, _NEWER) if path), "")


def main() -> int:
    """Become the newer Python, or the environment's; returns only when neither can be had."""
    if sys.version_info < OLDEST:
        newer = find_newer()
        if not newer:
            sys.stderr.write("Python 3.11 or newer is needed; this is %s\n" % sys.version.split()[0])  # noqa: UP031 - an old Python reads this
            return 1
        os.execv(newer, [newer, "-m", "deploy.local", *sys.argv[1:]])  # noqa: S606 - no shell is wanted
    # Imported only now: an older Python could not even read it.
    venv = importlib.import_module("deploy.local.venv")
    return int(venv.enter("deploy.local.commands", sys.argv[1:]))


if __name__ == "__main__":
    raise SystemExit(main())
