"""What is done once in the life of an installation: the administrator's password and the demo company."""

import json
from dataclasses import dataclass
from pathlib import Path

from deploy.local.keys import admin_password
from deploy.local.place import Asked, Place


@dataclass(frozen=True, slots=True)
class Administrator:
    """The administrator's password, whether this start sets it, and where a person finds it."""

    password: str
    set_now: bool
    where: str


class History:
    """What this installation has been through, in `.local/history.json`."""

    def __init__(self, place: Place) -> None:
        self._file = place.local / "history.json"
        known = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        self.started: bool = known.get("started", False)
        self.demo: str = known.get("demo", "")

    def save(self) -> None:
        """Write it."""
        content = {"started": self.started, "demo": self.demo}
        self._file.write_text(json.dumps(content) + "\n", encoding="utf-8")

    def wants_demo(self, asked: Asked) -> bool:
        """Say whether the demo company is to be loaded: at the first start unless refused, later when asked for."""
        if self.demo == "loaded" or asked.demo is False:
            return False
        return bool(asked.demo) or not self.started or self.demo == "failed"


def administrator(place: Place, asked: Asked, history: History) -> Administrator:
    """Return the password and whether it is to be set: when it was given, made just now, or never set before.

    A password that the administrator has changed since stays his.
    """
    file = place.local / "admin-password"
    new = not file.exists()
    password = admin_password(file, asked.admin_password)
    set_now = bool(asked.admin_password) or new or not history.started
    where = "as given in VORONKA_ADMIN_PASSWORD" if asked.admin_password else f"in {shown(file, place.root)}"
    return Administrator(password, set_now, where)


def shown(path: Path, root: Path) -> str:
    """Return the path as a person in the clone would write it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
