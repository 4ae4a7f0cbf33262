"""What is set up before the load, and a clerk who changes contacts, channels and colleagues while it goes on."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx2

from chaos.ledger import Ledger
from shared.http.tokens import SigningKey
from shared.kernel.clock import utc_now

_EVERY_S = 0.4
_RIGHTS = ("channels", "contacts", "staff", "employees", "roles")


class Company:
    """The API of the owning services, called as an employee who may do everything."""

    def __init__(self, staff_key: str, urls: Mapping[str, str], ledger: Ledger) -> None:
        self._signer = SigningKey("staff", staff_key)
        self._urls = urls
        self._ledger = ledger
        self._employee = uuid4()
        self._http = httpx2.AsyncClient(trust_env=False, timeout=5)
        self._contacts: dict[str, int] = {}
        self._side: tuple[str, int] = ("", 0)

    def _headers(self, **more: str) -> dict[str, str]:
        grants = {f"{target}.{action}": "all" for target in _RIGHTS for action in ("read", "edit")}
        token = self._signer.sign(f"employee:{self._employee}", utc_now(), name="chaos", grants=grants)
        return {"Authorization": f"Bearer {token}", **more}

    async def form(self, name: str, provider: str = "generic") -> str:
        """Create a channel for forms and return its key."""
        body = {"kind": "form", "provider": provider, "name": name}
        return str((await self._change("channels", "POST", "", body))["key"])

    async def contact(self, name: str, **points: str) -> str:
        """Create a contact with these points and return its id."""
        body = {"name": name, "points": [{"kind": kind, "value": value} for kind, value in points.items()]}
        return str((await self._change("contacts", "POST", "", body))["id"])

    async def prepare(self) -> list[str]:
        """Create the channels and return the keys of those that the load posts to."""
        side = await self._change(
            "channels", "POST", "", {"kind": "form", "provider": "generic", "name": "Промо"}
        )
        self._side = (side["id"], side["version"])
        return [await self.form("Сайт"), await self.form("Лендинг"), await self.form("Тильда", "tilda")]

    async def _change(
        self, owner: str, method: str, path: str, body: dict[str, Any], **headers: str
    ) -> dict[str, Any]:
        """Ask for a change; what is acknowledged goes into the journal. httpx2's errors are raised as they come."""
        url = f"{self._urls[owner]}/api/v1/{owner}{path}"
        answer = await self._http.request(method, url, json=body, headers=self._headers(**headers))
        found: dict[str, Any] = answer.raise_for_status().json()
        self._ledger.changed(owner, found["id"], found["version"])
        return found

    async def keep_changing(self, seed: int) -> None:
        """Change something every now and then until cancelled; a change that fails is not tried again."""
        chance = random.Random(seed)
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self._change_something(chance)
            except httpx2.HTTPError:
                continue

    async def _change_something(self, chance: random.Random) -> None:
        turn = chance.random()
        if turn < 0.6 or not self._contacts:  # noqa: PLR2004 - most changes are new contacts
            email = f"{chance.getrandbits(48):x}@example.ru"
            made = await self._change("contacts", "POST", "", {"name": "Контакт", "points": [_email(email)]})
            self._contacts[made["id"]] = made["version"]
        elif turn < 0.9:  # noqa: PLR2004
            contact = chance.choice(list(self._contacts))
            name = {"name": f"Контакт {chance.randrange(1_000_000)}"}
            version = self._contacts.pop(contact)  # what becomes of it is not known until the answer
            made = await self._change("contacts", "PATCH", f"/{contact}", name, **_match(version))
            self._contacts[contact] = made["version"]
        else:
            channel, _ = self._side
            name = {"name": f"Промо {chance.randrange(1_000_000)}"}
            made = await self._change("channels", "PATCH", f"/{channel}", name, **{"If-Match": "*"})
            self._side = (channel, made["version"])

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _email(address: str) -> dict[str, str]:
    return {"kind": "email", "value": address}


def _match(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}
