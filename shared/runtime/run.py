"""`python -m services.<unit> api | worker | all | migrate`: the command line of every unit."""

import asyncio
import sys
from collections.abc import Sequence

import uvloop

from shared.database.migrations import migrate
from shared.observability.logs import configure
from shared.runtime.declaration import Unit
from shared.runtime.process import assemble, serve
from shared.runtime.settings import DatabaseSettings, UnitSettings, load

PROCESSES = ("api", "worker", "all")


def run(unit: Unit, arguments: Sequence[str] | None = None) -> int:
    """Run one process of the unit and return its exit code: 0 ended, 1 failed, 2 wrong call or setting."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    allowed = (*PROCESSES, "migrate") if unit.database else PROCESSES
    if len(given) != 1 or given[0] not in allowed:
        sys.stderr.write(f"usage: {unit.name} {' | '.join(allowed)}\n")
        return 2
    settings = load(unit.settings)
    configure(unit.name, fmt=settings.log_format, level=settings.log_level)
    if given[0] == "migrate":
        return _migrate(unit, settings)
    return uvloop.run(_serve(unit, settings, given[0]))


async def _serve(unit: Unit, settings: UnitSettings, process: str) -> int:
    async with assemble(unit, settings, process) as assembled:
        return await serve(
            assembled.app,
            assembled.jobs,
            host=settings.http_host,
            port=settings.http_port,
            most_connections=settings.most_connections,
        )


def _migrate(unit: Unit, settings: UnitSettings) -> int:
    if unit.database is None or not isinstance(settings, DatabaseSettings):
        return 0
    if not settings.database_owner_url:
        sys.stderr.write(f"wrong setting {unit.name.upper()}_DATABASE_OWNER_URL: Field required\n")
        return 2
    asyncio.run(migrate(settings.database_owner_url, unit.database.versions, unit.database.metadata))
    return 0
