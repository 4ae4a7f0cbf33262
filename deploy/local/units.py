"""The one table of units: what is run, what each needs from its environment, and which port it takes.

`make run` starts what stands here; a test compares it with the settings classes and with docker-compose.yml.
"""

from dataclasses import dataclass

EVERYWHERE = (
    "VORONKA_AMQP_URL",
    "VORONKA_PUBLIC_KEYS",
    "VORONKA_PUBLIC_URL",
    "VORONKA_HOOKS_URL",
    "VORONKA_STAFF_URL",
    "VORONKA_CHANNELS_URL",
    "VORONKA_CONTACTS_URL",
    "VORONKA_LEADS_URL",
    "VORONKA_FILES_URL",
)
"""What each unit is told."""

TUNING = ("VORONKA_LOG_FORMAT", "VORONKA_LOG_LEVEL", "VORONKA_MOST_CONNECTIONS", "VORONKA_TRUSTED_PROXIES")
"""What each unit is told only when it was given: the defaults are the units' own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A service or a connector: its module, and what it needs beside what is told everywhere."""

    name: str
    module: str
    database: bool = False
    secrets: tuple[str, ...] = ()
    port: str = ""
    """The variable that fixes its port on one machine; any free port otherwise."""
    spool: bool = False
    """Whether it keeps on disk what the broker does not take for a while."""

    @property
    def prefix(self) -> str:
        """The prefix of its own variables."""
        return f"{self.name.upper()}_"

    @property
    def settings(self) -> str:
        """The module of its settings class."""
        return f"{self.module}.settings"


SERVICES = (
    Unit("staff", "services.staff", database=True, secrets=("VORONKA_ADMIN_PASSWORD",)),
    Unit("channels", "services.channels", database=True, secrets=("VORONKA_SECRET_KEYS",)),
    Unit("contacts", "services.contacts", database=True),
    Unit("leads", "services.leads", database=True),
    Unit("gateway", "services.gateway", port="VORONKA_PORT"),
)

CONNECTORS = (Unit("forms", "connectors.forms", port="VORONKA_HOOKS_PORT", spool=True),)

UNITS = (*SERVICES, *CONNECTORS)


@dataclass(frozen=True, slots=True)
class LocalProcess:
    """What runs as one process on one machine: a unit, or all connectors together."""

    name: str
    command: tuple[str, ...]
    units: tuple[Unit, ...]
    after: tuple[str, ...] = ()
    """The processes that must be ready before it starts."""
    port: str = ""
    """The variable of the process itself, beside its units', that says where it listens."""


def processes() -> tuple[LocalProcess, ...]:
    """Return the processes of one machine."""
    owners = [LocalProcess(unit.name, (unit.module, "all"), (unit,)) for unit in SERVICES if unit.database]
    ready = tuple(owner.name for owner in owners)
    others = [
        LocalProcess(unit.name, (unit.module, "all"), (unit,), after=ready)
        for unit in SERVICES
        if not unit.database
    ]
    connectors = LocalProcess(
        "connectors", ("connectors",), CONNECTORS, after=ready, port="VORONKA_HOOKS_PORT"
    )
    return (*owners, *others, connectors)


def with_database() -> tuple[str, ...]:
    """Return the names of the units that have a database."""
    return tuple(unit.name for unit in UNITS if unit.database)
