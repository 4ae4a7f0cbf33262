"""Fresh databases for tests: a unit's migrations run once per session, every further database is a copy."""

import asyncio
import secrets
from dataclasses import dataclass, replace

import asyncpg

from deploy import databases
from shared.database.migrations import migrate
from shared.runtime.declaration import Unit


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """Addresses of one database: for the role that runs and for the role that owns."""

    __test__ = False

    name: str
    url: str
    owner_url: str


class TestDatabases:
    """Templates and copies of one test session."""

    __test__ = False

    def __init__(self, server: str) -> None:
        self._server = server
        self._prefix = f"test_{secrets.token_hex(3)}_"
        self._passwords: dict[str, str] = {}
        self._templates: dict[str, databases.ServiceDatabase] = {}
        self._copying = asyncio.Lock()
        self._made = 0

    async def fresh(self, unit: Unit) -> TestDatabase:
        """Return a migrated database that nobody else uses; ValueError for a unit without one."""
        async with self._copying:  # PostgreSQL copies a template only while nobody is connected to it
            template = self._templates.get(unit.name) or await self._migrated(unit)
            self._made += 1
            copy = replace(template, name=f"{self._prefix}{unit.name}_{self._made}")
            await self._execute(databases.create_statement(copy, template=template.name))
        return TestDatabase(copy.name, copy.url(self._server), copy.owner_url(self._server))

    async def drop(self, name: str) -> None:
        """Drop a database, ending who is still connected."""
        await self._execute(f'drop database if exists "{name}" with (force)')

    async def close(self) -> None:
        """Drop the templates and the roles."""
        for template in self._templates.values():
            await self.drop(template.name)
        for role in self._passwords:
            await self._execute(f'drop role if exists "{role}"')

    async def _migrated(self, unit: Unit) -> databases.ServiceDatabase:
        if unit.database is None:
            raise ValueError(f"{unit.name} has no database")
        template = databases.of_service(unit.name, self._passwords, prefix=self._prefix)
        await databases.provision(self._server, [template])
        await migrate(template.owner_url(self._server), unit.database.versions, unit.database.metadata)
        self._templates[unit.name] = template
        return template

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server, timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
