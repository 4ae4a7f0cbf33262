"""What makes a failpoint fire: a file that is there, once."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn


class Trigger:
    """Armed by a file; whoever takes it away fires, in whatever process he is."""

    def __init__(self, file: str | Path) -> None:
        self.path = Path(file)

    def arm(self) -> None:
        """Let the next one that comes by fire."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()

    @property
    def armed(self) -> bool:
        """Whether nobody has fired yet."""
        return self.path.exists()

    def disarm(self) -> None:
        """Let nobody fire any more."""
        self.path.unlink(missing_ok=True)

    def fires(self) -> bool:
        """Say whether it is this one's turn."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        return True


def die() -> NoReturn:
    """End this process as SIGKILL does: nothing is tidied up."""
    while True:
        os.kill(os.getpid(), signal.SIGKILL)


def around(target: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put what `make` makes of it in the place of a function of a class or a module."""
    setattr(target, name, make(getattr(target, name)))
