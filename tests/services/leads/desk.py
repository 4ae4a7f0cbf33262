"""A running leads unit with a company around it: what the other units would say, said by the test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2

from shared.contracts.base import Contract
from shared.contracts.channels import ChannelChanged, Responsible
from shared.contracts.contacts import ContactChanged, ContactPoint
from shared.contracts.inquiries import InquiryReceived, Raw, Sender
from shared.contracts.staff import EmployeeChanged, RoleChanged
from shared.http.tokens import Scope
from shared.kernel.clock import utc_now
from shared.kernel.contact_points import point
from shared.kernel.ids import new_id
from shared.messaging import topology
from shared.messaging.publisher import Publisher
from tests.booting import Running
from tests.keys import TestKeys
from tests.shared.waiting import eventually

ACTIONS = ("read", "take", "assign", "reject", "move")
_PATIENCE_S = 10.0


def grants(scope: Scope, actions: Sequence[str] = ACTIONS) -> dict[str, Scope]:
    """Return the grants of somebody who works with leads in this scope."""
    found: dict[str, Scope] = {f"leads.{action}": scope for action in actions}
    return {**found, "inquiries.read": scope, "reasons.read": "all"}


@dataclass
class Desk:
    """The unit's HTTP, and its ear."""

    running: Running
    publisher: Publisher
    keys: TestKeys
    http: httpx2.AsyncClient
    anna: UUID = field(default_factory=uuid4)
    boris: UUID = field(default_factory=uuid4)
    role: UUID = field(default_factory=uuid4)
    channel: UUID = field(default_factory=uuid4)
    names: dict[UUID, str] = field(default_factory=dict)

    async def say(self, event: Contract) -> None:
        """Publish an event of another unit."""
        await self.publisher.publish(event, message_id=new_id(), exchange=topology.EVENTS, timeout=5)

    async def hire(self, employee: UUID, name: str, **changes: Any) -> None:
        """Let staff tell of an employee."""
        self.names[employee] = name
        values = {"employee_id": employee, "version": 1, "number": 1, "name": name, "role_ids": (self.role,)}
        await self.say(EmployeeChanged(**{**values, **changes}))

    async def open_channel(self, channel: UUID, **changes: Any) -> None:
        """Let channels tell of a way in."""
        values = {
            "channel_id": channel,
            "version": 1,
            "number": 1,
            "kind": "form",
            "provider": "generic",
            "name": "Сайт",
            "key": str(channel),
            "responsible": Responsible(type="role", id=self.role),
        }
        await self.say(ChannelChanged(**{**values, **changes}))

    async def know(self, name: str, *points: tuple[str, str], **changes: Any) -> UUID:
        """Let contacts tell of a person."""
        found = [item for kind, value in points if (item := point(kind, value))]
        values = {
            "contact_id": uuid4(),
            "version": 1,
            "number": 1,
            "name": name,
            "points": tuple(ContactPoint(id=uuid4(), kind=i.kind, value=i.value, key=i.key) for i in found),
        }
        event = ContactChanged(**{**values, **changes})
        await self.say(event)
        return event.contact_id

    async def post(self, *phones: str, channel: UUID | None = None, **changes: Any) -> UUID:
        """Let a connector tell of an inquiry."""
        now = utc_now()
        sender = Sender(name=changes.pop("name", ""), phones=phones, emails=changes.pop("emails", ()))
        values = {
            "inquiry_id": uuid4(),
            "channel_id": channel or self.channel,
            "kind": "form",
            "external_id": "x",
            "occurred_at": now,
            "received_at": now,
            "sender": sender,
            "text": "Расчёт кровли",
            "raw": Raw(content_type="application/json", text="{}"),
        }
        event = InquiryReceived(**{**values, **changes})
        await self.publisher.publish(
            event, message_id=event.inquiry_id, exchange=topology.INQUIRIES, mandatory=True, timeout=5
        )
        return event.inquiry_id

    def as_(self, employee: UUID, scope: Scope = "own", **changes: Any) -> dict[str, str]:
        """Return the headers of an employee who works with leads."""
        given = {
            "name": self.names.get(employee, ""),
            "grants": grants(scope),
            "roles": [self.role],
            **changes,
        }
        return self.keys.employee(employee, **given)

    async def inquiry(self, inquiry_id: UUID) -> dict[str, Any]:
        """Return the inquiry as soon as it is stored."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                answer = await self.http.get(
                    f"/api/v1/inquiries/{inquiry_id}", headers=self.keys.unit("gateway")
                )
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                assert answer.status_code == 404, answer.text
                assert answer.headers["retry-after"] == "1"
                await asyncio.sleep(0.02)

    async def lead_of(self, inquiry_id: UUID) -> dict[str, Any]:
        """Return the lead of an inquiry as soon as it is stored."""
        lead_id = (await self.inquiry(inquiry_id))["lead_id"]
        assert lead_id, "the inquiry was kept without a lead"
        return await self.lead(lead_id)

    async def lead(self, lead_id: UUID | str) -> dict[str, Any]:
        """Return a lead as a unit sees it."""
        answer = await self.http.get(f"/api/v1/leads/{lead_id}", headers=self.keys.unit("gateway"))
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def do(
        self, lead: dict[str, Any], verb: str, who: dict[str, str], body: Any = None
    ) -> httpx2.Response:
        """Do something with a lead."""
        return await self.http.post(f"/api/v1/leads/{lead['id']}/{verb}", headers=who, json=body)

    async def settled(self, check: Any) -> None:
        """Wait until the copies are as the check wants them."""
        await eventually(check, within_s=_PATIENCE_S)

    async def people(self) -> list[dict[str, Any]]:
        """Return who may answer for a lead."""
        answer = await self.http.get("/api/v1/leads/assignees", headers=self.keys.unit("gateway"))
        found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return found


@asynccontextmanager
async def at_desk(running: Running, keys: TestKeys, amqp_url: str) -> AsyncIterator[Desk]:
    """Yield a desk with two managers in one role and a form that is theirs."""
    publisher = Publisher(amqp_url, source="voronka/tests")
    async with publisher, httpx2.AsyncClient(base_url=running.url, timeout=20) as http:
        await eventually(lambda: publisher.connected)
        desk = Desk(running, publisher, keys, http)
        await desk.hire(desk.anna, "Анна Смирнова")
        await desk.hire(desk.boris, "Борис Орлов")
        members = (desk.anna, desk.boris)
        await desk.say(RoleChanged(role_id=desk.role, version=1, name="Розница", member_ids=members))
        await desk.open_channel(desk.channel)

        async def heard() -> bool:
            known = {item["id"] for item in await desk.people()}
            return {str(desk.anna), str(desk.boris), str(desk.role)} <= known and await _channel_known(desk)

        await desk.settled(heard)
        yield desk


async def _channel_known(desk: Desk) -> bool:
    async with desk.running.app.engine.connect() as connection:
        found = await connection.exec_driver_sql(f"select 1 from known_channels where id = '{desk.channel}'")  # noqa: S608 - an id made here
        return found.first() is not None
