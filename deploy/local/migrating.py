"""Migrations of all services in one process: `python -m deploy.local.migrating <service>…`, a JSON line for each.

Each line says the service and its revision before and after; addresses come from `<SERVICE>_DATABASE_OWNER_URL`.
"""

import asyncio
import importlib
import json
import os
import sys

from deploy.local.migrations import revision
from shared.database.migrations import migrate
from shared.runtime.declaration import Unit


async def bring_up(service: str) -> dict[str, str]:
    """Migrate one service and return its line."""
    unit: Unit = importlib.import_module(f"services.{service}.service").SERVICE
    if unit.database is None:
        raise ValueError(f"{service} has no database")
    url = os.environ[f"{service.upper()}_DATABASE_OWNER_URL"]
    before = await revision(url)
    await migrate(url, unit.database.versions, unit.database.metadata)
    return {"service": service, "before": before, "after": await revision(url)}


def main(services: list[str]) -> int:
    """Migrate them one after the other."""
    for service in services:
        print(json.dumps(asyncio.run(bring_up(service))), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
