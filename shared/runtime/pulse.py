"""A process whose event loop stands still ends itself: the supervisor starts it again, and others take its work.

An endless loop answers no signal and raises no error; what it holds would wait for ever.
"""

import asyncio
import contextlib
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator

_BEAT_S = 1.0
_STILL_S = 10
_FROZEN_S = 60
_EXIT_CODE = 70
_STDERR = 2


class _Watcher(threading.Thread):
    """Counts its own seconds in which the loop did not beat: while the whole process is stopped, it counts none."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self.beaten = False
        self.ending = threading.Event()

    def run(self) -> None:
        """Watch until told to end; this never returns when the loop stands still."""
        still = 0
        while not self.ending.wait(_BEAT_S):
            # Native code that never lets another thread run is ended by this timer alone. It counts the processor's
            # time, of which a stopped process has none.
            signal.setitimer(signal.ITIMER_PROF, _FROZEN_S)
            still = 0 if self.beaten else still + 1
            self.beaten = False
            if still >= _STILL_S:
                faulthandler.dump_traceback(file=_STDERR)
                os._exit(_EXIT_CODE)


@contextlib.contextmanager
def watched_pulse() -> Iterator[None]:
    """Watch the running loop during the block; the process ends with code 70 when it stands still for ten seconds."""
    loop = asyncio.get_running_loop()
    watcher = _Watcher()
    handle: asyncio.TimerHandle | None = None

    def beat() -> None:
        nonlocal handle
        watcher.beaten = True
        handle = loop.call_later(_BEAT_S / 2, beat)

    faulthandler.register(signal.SIGPROF, file=_STDERR, chain=True)  # then the signal ends the process
    beat()
    watcher.start()
    try:
        yield
    finally:
        watcher.ending.set()
        watcher.join()
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.unregister(signal.SIGPROF)
        if handle:
            handle.cancel()
