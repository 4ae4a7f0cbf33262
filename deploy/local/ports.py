"""Ports: picked free once and kept, so that addresses stay the same from start to start."""

import json
import secrets
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
_RANGE = range(20_000, 32_000)  # below the ports that the kernel gives to outgoing connections


def is_free(port: int) -> bool:
    """Say whether the port can be listened on at the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


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
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def get(self, name: str) -> int:
        """Return the kept port if it is still free, else another one, which is kept from now on."""
        port = self._known.get(name)
        if port is None or not is_free(port):
            port = free_port()
            while port in self._known.values():
                port = free_port()
            self._known[name] = port
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._known, indent=1, sort_keys=True) + "\n")
        return port
