"""What the terminal shows while the system comes up: one line per step, with the time that it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WIDTH = 62


class Step:
    """A step that is going on; its text may become more exact until its end."""

    def __init__(self, text: str) -> None:
        self.text = text


class Progress:
    """Writes the lines; quiet ones are for tests."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    @contextmanager
    def step(self, text: str, *, announce: bool = False) -> Iterator[Step]:
        """Write a line with the time when the block ends; `announce` also writes one at its beginning."""
        begun = time.monotonic()
        step = Step(text)
        if announce:
            self.say(f"  ..  {text}")
        try:
            yield step
        except BaseException:
            self._ended("--", step, begun)
            raise
        self._ended("ok", step, begun)

    def _ended(self, mark: str, step: Step, begun: float) -> None:
        self.say(f"  {mark}  {step.text:<{_WIDTH}} {time.monotonic() - begun:6.1f} s")

    def say(self, line: str) -> None:
        """Write a line; a terminal that is gone is no reason to fail."""
        if self._quiet:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError:
            self._quiet = True
