"""The whole product, process by process, with the demo company in it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from connectors.forms.connector import CONNECTOR as FORMS
from deploy.demo.client import Api
from deploy.demo.company import make_company
from deploy.demo.people import CHANNELS, COLLEAGUES, ROLES
from deploy.demo.replay import Expected, tell
from deploy.local.ports import LOOPBACK, free_port
from services.channels.service import SERVICE as CHANNELS_UNIT
from services.contacts.service import SERVICE as CONTACTS
from services.gateway.service import SERVICE as GATEWAY
from services.leads.service import SERVICE as LEADS
from services.staff.service import SERVICE as STAFF
from tests.shared.waiting import eventually
from tests.system.processes import Started, System

PASSWORD = "a long enough password 17"


@dataclass
class Product:
    """What the browser needs to know of it."""

    url: str
    channels: dict[str, Any]
    gateway: Started
    told: int
    leads_url: str
    amqp_url: str
    apis: dict[str, Api] = field(default_factory=dict)
    worked: bool = False

    def hook(self, way: str) -> str:
        """Return the address of one of the demo's forms."""
        return str(self.channels[way]["hook_url"])

    def api(self, login: str) -> Api:
        """Return the API as one of the company."""
        if login not in self.apis:
            self.apis[login] = Api(self.url, login, PASSWORD)
        return self.apis[login]

    async def know(self, name: str, phone: str) -> None:
        """Make a contact and wait until leads has heard of him."""
        self.api("admin").post("/contacts", {"name": name, "points": [{"kind": "phone", "value": phone}]})
        connection = await asyncpg.connect(self.leads_url)
        statement = "select exists (select from known_contacts where name = $1)"

        async def heard() -> bool:
            return bool(await connection.fetchval(statement, name))

        try:
            await eventually(heard)
        finally:
            await connection.close()

    def close(self) -> None:
        """Close the connections of the API."""
        for api in self.apis.values():
            api.close()


async def started(system: System) -> Product:
    """Start every unit, then load the demo company through the API and its past through leads' own use cases."""
    hooks, pages = free_port(), free_port()
    addresses = {
        "VORONKA_HOOKS_URL": f"http://{LOOPBACK}:{hooks}",
        "VORONKA_PUBLIC_URL": f"http://{LOOPBACK}:{pages}",
    }
    await asyncio.gather(
        system.start(STAFF, "services.staff", VORONKA_ADMIN_PASSWORD=PASSWORD),
        system.start(CHANNELS_UNIT, "services.channels", **addresses),
        system.start(CONTACTS, "services.contacts"),
        system.start(LEADS, "services.leads"),
    )
    gateway, _ = await asyncio.gather(
        system.start(GATEWAY, "services.gateway", GATEWAY_HTTP_PORT=str(pages), **addresses),
        system.start(FORMS, "connectors.forms", FORMS_HTTP_PORT=str(hooks), **addresses),
    )
    api = await asyncio.to_thread(Api, gateway.url, "admin", PASSWORD)
    channels = await asyncio.to_thread(make_company, api, PASSWORD)
    expected = Expected(len(CHANNELS), len(COLLEAGUES), len(ROLES), 1)
    told = await tell(system.databases["leads"].url, channels, expected)
    return Product(
        gateway.url, channels, gateway, told, system.databases["leads"].url, system.amqp_url, {"admin": api}
    )
