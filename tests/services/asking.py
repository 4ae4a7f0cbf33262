"""Asking a running service over HTTP as somebody, and reading what it put into its outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import orjson
from fastapi.routing import APIRoute

from services.staff.domain.grants import DEFAULT
from shared.contracts.base import Contract
from shared.runtime.declaration import Unit
from tests.booting import Running
from tests.keys import TestKeys

ASKERS = ("administrator", "head", "manager", "dispatcher", "unit", "nobody", "nothing granted")


@dataclass(frozen=True, slots=True)
class Asked:
    """A running service: a client, the keys of all who may ask, the address of its database."""

    running: Running
    client: httpx2.AsyncClient
    keys: TestKeys
    database_url: str

    def headers(self, asker: str) -> dict[str, str]:
        """Return the headers of a request by an employee in a built-in role, a unit, or nobody."""
        if asker == "nobody":
            return {}
        if asker == "unit":
            return self.keys.unit("gateway")
        grants = DEFAULT[asker][1] if asker in DEFAULT else {}
        return self.keys.employee(uuid4(), grants=grants)

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        asker: str = "administrator",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Send a request as somebody; a change goes through whatever the version is, unless headers say otherwise."""
        sent = self.headers(asker) | ({"If-Match": "*"} if method == "PATCH" else {}) | dict(headers or {})
        return await self.client.request(method, path, json=body, headers=sent)

    async def create(self, path: str, **body: Any) -> dict[str, Any]:
        """Create something as an administrator and return it."""
        answer = await self.ask("POST", path, body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def change(self, path: str, **body: Any) -> dict[str, Any]:
        """Change something as an administrator and return it."""
        answer = await self.ask("PATCH", path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def read(self, path: str) -> Any:
        """Read as an administrator."""
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def everything(self, path: str, *, limit: int = 200) -> list[dict[str, Any]]:
        """Read all pages of a list as an administrator."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            mark = "&" if "?" in path else "?"
            page = await self.read(f"{path}{mark}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Return what a statement finds in the service's database."""
        connection = await asyncpg.connect(self.database_url)
        try:
            found: list[asyncpg.Record] = await connection.fetch(statement, *values)
            return found
        finally:
            await connection.close()

    async def events(self, contract: type[Contract], aggregate: str | UUID) -> list[dict[str, Any]]:
        """Return the data of the events of a thing that wait in the outbox, in order."""
        rows = await self.rows(
            "select body from outbox where topic = $1 and aggregate = $2 order by id",
            contract.topic,
            UUID(str(aggregate)),
        )
        found: list[dict[str, Any]] = []
        for row in rows:
            body = orjson.loads(row["body"])
            contract.model_validate(body["data"])
            found.append(body["data"])
        return found


def routes(unit: Unit) -> set[tuple[str, str]]:
    """Return the method and path of every route that a unit declares."""
    found: set[tuple[str, str]] = set()
    for router in unit.routers:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            found |= {(method, route.path) for method in route.methods or ()}
    return found
