"""The environment of each process on one machine: its own variables and nobody else's."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.databases import ServiceDatabase
from deploy.local.addresses import Addresses
from deploy.local.keys import key_ring
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.units import EVERYWHERE, TUNING, UNITS, LocalProcess, Unit


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that the variables are made of."""

    given: Mapping[str, str]
    """The environment in which we were started; what it says about a unit wins."""
    ports: Mapping[str, int]
    signing_keys: Mapping[str, str]
    sealing_keys: str
    databases: Mapping[str, ServiceDatabase]
    postgres_url: str
    amqp_url: str
    files: Path
    spool: Path
    admin_password: str

    def for_process(self, process: LocalProcess) -> dict[str, str]:
        """Return the whole environment of a process."""
        values = _of_the_machine(self.given)
        values.update(self._everywhere())
        if process.port:
            values[process.port] = str(self.ports[process.units[0].name])
        for unit in process.units:
            values.update(self._own(unit))
            values.update(self._given_for(unit))
        return values

    def owner_urls(self) -> dict[str, str]:
        """Return the variables by which all databases are migrated."""
        return {
            f"{name.upper()}_DATABASE_OWNER_URL": item.owner_url(self.postgres_url)
            for name, item in self.databases.items()
        }

    def addresses(self) -> Addresses:
        """Return where the data and the broker are, as the units are told."""
        urls = {name: item.url(self.postgres_url) for name, item in self.databases.items()}
        given = {name: self.given.get(f"{name.upper()}_DATABASE_URL", "") for name in urls}
        return Addresses({name: given[name] or url for name, url in urls.items()}, self.amqp_url)

    def for_tool(self, **further: str) -> dict[str, str]:
        """Return the environment of a tool of ours that is run once."""
        return {**_of_the_machine(self.given), **self._everywhere(), **further}

    @property
    def public_url(self) -> str:
        """Where managers reach the gateway."""
        return self.given.get("VORONKA_PUBLIC_URL", "") or self._url("gateway")

    @property
    def hooks_url(self) -> str:
        """Where providers reach the connectors."""
        return self.given.get("VORONKA_HOOKS_URL", "") or self._url("forms")

    def _url(self, unit: str) -> str:
        return f"http://{LOOPBACK}:{self.ports[unit]}"

    def _everywhere(self) -> dict[str, str]:
        values = {
            "VORONKA_AMQP_URL": self.amqp_url,
            "VORONKA_PUBLIC_KEYS": key_ring(dict(self.signing_keys)),
            "VORONKA_PUBLIC_URL": self.public_url,
            "VORONKA_HOOKS_URL": self.hooks_url,
            "VORONKA_STAFF_URL": self._url("staff"),
            "VORONKA_CHANNELS_URL": self._url("channels"),
            "VORONKA_CONTACTS_URL": self._url("contacts"),
            "VORONKA_LEADS_URL": self._url("leads"),
            "VORONKA_FILES_URL": self.files.as_uri(),
        }
        told = {name: self.given[name] for name in (*EVERYWHERE, *TUNING) if self.given.get(name)}
        return {**values, **told}

    def _own(self, unit: Unit) -> dict[str, str]:
        values = {
            f"{unit.prefix}SIGNING_KEY": self.signing_keys[unit.name],
            f"{unit.prefix}HTTP_HOST": LOOPBACK,
            f"{unit.prefix}HTTP_PORT": str(self.ports[unit.name]),
        }
        if unit.database:
            values[f"{unit.prefix}DATABASE_URL"] = self.databases[unit.name].url(self.postgres_url)
        if unit.spool:
            values[f"{unit.prefix}SPOOL_DIR"] = str(self.spool)
        secrets = {"VORONKA_SECRET_KEYS": self.sealing_keys, "VORONKA_ADMIN_PASSWORD": self.admin_password}
        values.update({name: secrets[name] for name in unit.secrets if secrets[name]})
        return values

    def _given_for(self, unit: Unit) -> dict[str, str]:
        return {name: value for name, value in self.given.items() if name.startswith(unit.prefix)}


def _of_the_machine(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without anything that is a unit's or ours, and with unbuffered output."""
    ours = ("VORONKA_", "PYTHON", *(unit.prefix for unit in UNITS))
    kept = {name: value for name, value in given.items() if not name.startswith(ours)}
    scripts = str(Path(sys.executable).parent)
    path = f"{scripts}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1"}


def choose_ports(given: Mapping[str, str], fixed: Mapping[str, int], kept: Ports) -> dict[str, int]:
    """Return the port of each unit: the fixed one, else the given one, else a free one that is kept."""
    ports: dict[str, int] = {}
    for unit in UNITS:
        asked = given.get(f"{unit.prefix}HTTP_PORT", "")
        if unit.port:
            ports[unit.name] = fixed[unit.port]
        elif asked.isdecimal():
            ports[unit.name] = int(asked)
        else:
            ports[unit.name] = kept.get(unit.name)
    return ports
