"""Where the data and the broker of the latest run are, for tools that must work while the units are down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.place import write_private
from deploy.local.units import with_database

_FILE = "addresses.json"
_BROKER = "VORONKA_AMQP_URL"


class NotKnownError(Exception):
    """Nobody has said where the databases or the broker are."""

    def __init__(self, variables: str) -> None:
        super().__init__(
            f"nothing has run from here yet: start it with `make run`, or give what the units have ({variables})"
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """The databases of the units, for the roles that run, and the broker."""

    databases: Mapping[str, str] = field(repr=False)
    amqp_url: str = field(repr=False)

    def save(self, local: Path) -> None:
        """Keep them, readable by their owner only."""
        content = {"databases": dict(self.databases), "amqp_url": self.amqp_url}
        write_private(local / _FILE, json.dumps(content, indent=1) + "\n")

    @classmethod
    def load(cls, local: Path, given: Mapping[str, str]) -> "Addresses":
        """Return those of the latest run from here, except where the environment says otherwise.

        `<UNIT>_DATABASE_URL` and `VORONKA_AMQP_URL` are what the units themselves are told.
        """
        file = local / _FILE
        known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        databases: dict[str, str] = dict(known.get("databases", {}))
        for unit in with_database():
            if url := given.get(f"{unit.upper()}_DATABASE_URL"):
                databases[unit] = url
        return cls(databases, given.get(_BROKER) or known.get("amqp_url", ""))

    def broker(self) -> str:
        """Return the address of the broker; NotKnownError."""
        if not self.amqp_url:
            raise NotKnownError(_BROKER)
        return self.amqp_url

    def of_databases(self) -> Mapping[str, str]:
        """Return the address of each unit's database; NotKnownError when there is not one."""
        if not self.databases:
            raise NotKnownError(f"LEADS_DATABASE_URL and so on, {_BROKER}")
        return self.databases
