"""Secrets of one installation, made once: signing keys, sealing keys, database passwords, the administrator's."""

import base64
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deploy.local.place import write_private
from shared.http.tokens import SigningKey

_KEY_BYTES = 32


def new_key() -> str:
    """Return 32 random bytes in base64."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def key_ring(seeds: dict[str, str]) -> str:
    """Return the public keys of all units as `VORONKA_PUBLIC_KEYS` has them."""
    return ",".join(f"{unit}:{SigningKey(unit, seed).public}" for unit, seed in seeds.items())


class Secrets:
    """The file `secrets.json`, readable by its owner only; what is missing is made and kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self.signing_keys: dict[str, str] = known.get("signing_keys", {})
        self.sealing_keys: str = known.get("sealing_keys", "")
        self.database_passwords: dict[str, str] = known.get("database_passwords", {})

    def complete(self, units: Iterable[str]) -> None:
        """Make what is missing for these units."""
        for unit in units:
            self.signing_keys.setdefault(unit, new_key())
        self.sealing_keys = self.sealing_keys or f"first:{new_key()}"

    def save(self) -> None:
        """Write the file."""
        content = {
            "signing_keys": self.signing_keys,
            "sealing_keys": self.sealing_keys,
            "database_passwords": self.database_passwords,
        }
        write_private(self._file, json.dumps(content, indent=1) + "\n")


def admin_password(file: Path, given: str) -> str:
    """Return the administrator's password: the given one, which is kept, else the kept one, else a new one."""
    if given:
        write_private(file, f"{given}\n")
        return given
    if not file.exists():
        write_private(file, f"{secrets.token_urlsafe(12)}\n")
    return file.read_text(encoding="utf-8").strip()
