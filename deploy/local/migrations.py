"""Migrations at a start: only of services whose revisions have changed since the last one, in one process."""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

import asyncpg

from deploy.local.place import Place
from deploy.local.tools import run_module

Done = dict[str, dict[str, str]]


async def revision(url: str) -> str:
    """Return the revision that the database is at; an empty text when it is empty."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
            return ""
        return str(await connection.fetchval("select max(version_num) from alembic_version") or "")
    finally:
        await connection.close()


def fingerprint(place: Place, service: str) -> str:
    """Return the hash of all revisions of the service as they lie in the tree."""
    digest = hashlib.sha256()
    for file in sorted((place.root / "services" / service / "migrations" / "versions").glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


async def bring_up(owner_urls: Mapping[str, str], place: Place) -> list[str]:
    """Migrate what is not up to date and return what has moved where; ToolFailedError if it fails."""
    file = place.local / "migrated.json"
    done: Done = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    prints = {name: fingerprint(place, name) for name in owner_urls}
    stale = [name for name, url in owner_urls.items() if not await _is_done(done, name, prints[name], url)]
    if not stale:
        return []
    rows = await _migrate(stale, owner_urls, place)
    for row in rows:
        name = row["service"]
        done[name] = {"fingerprint": prints[name], "revision": row["after"]}
    file.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
    return [f"{row['service']} to {row['after']}" for row in rows if row["before"] != row["after"]]


async def _is_done(done: Done, name: str, print_now: str, url: str) -> bool:
    known = done.get(name)
    return known == {"fingerprint": print_now, "revision": await revision(url)}


async def _migrate(names: list[str], owner_urls: Mapping[str, str], place: Place) -> list[dict[str, Any]]:
    variables = {f"{name.upper()}_DATABASE_OWNER_URL": owner_urls[name] for name in names}
    said = await run_module(
        "deploy.local.migrating",
        tuple(names),
        environment={**os.environ, **variables},
        root=place.root,
        log=place.logs / "migrations.log",
    )
    return [json.loads(line) for line in said if line.startswith("{")]
