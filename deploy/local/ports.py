"""Ports: picked free once and kept, so that addresses stay the same from start to start."""

import json
import secrets
import socket
import threading
import time
from pathlib import Path

LOOPBACK = "127.0.0.1"
_RANGE = range(20_000, 32_000)  # below the ports that the kernel gives to outgoing connections
_LOOK_AGAIN_S = 0.2
_KEEPING = threading.Lock()


def is_free(port: int) -> bool:
    """Say whether the port can be listened on at the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def becomes_free(port: int, *, within_s: float) -> bool:
    """Say whether the port is free, or becomes so within the time."""
    for _ in range(int(within_s / _LOOK_AGAIN_S)):
        if is_free(port):
            return True
        time.sleep(_LOOK_AGAIN_S)
    return is_free(port)


def free_port() -> int:
    """Return a port that is free now, a random one so that two who pick at once hardly meet."""
    while True:
        port = secrets.choice(_RANGE)
        if is_free(port):
            return port


class Ports:
    """The kept ports of one place, by name, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> int:
        """Return the kept port if it is still free, else another one, which is kept from now on."""
        with _KEEPING:  # servers are prepared side by side
            known = self._known()
            port = known.get(name)
            if port is None or not is_free(port):
                port = free_port()
                while port in known.values():
                    port = free_port()
                self._file.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps({**known, name: port}, indent=1, sort_keys=True)
                self._file.write_text(f"{text}\n", encoding="utf-8")
            return port

    def _known(self) -> dict[str, int]:
        if not self._file.exists():
            return {}
        known: dict[str, int] = json.loads(self._file.read_text(encoding="utf-8"))
        return known
