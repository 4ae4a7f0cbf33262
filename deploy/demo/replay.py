"""Doing the planned history in the database of leads: its own intake and commands, at their own times."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.demo.history import History, Move
from services.leads.adapters.intake import SqlIntake
from services.leads.adapters.known import known_channels, known_contacts, known_employees, known_roles
from services.leads.adapters.tables import leads, metadata, rejection_reasons
from services.leads.adapters.unit_of_work import sql_work
from services.leads.application.commands.claim_lead import ClaimLead, claim_lead
from services.leads.application.commands.read_lead import ReadLead, read_lead
from services.leads.application.commands.reject_lead import RejectLead, reject_lead
from services.leads.application.commands.take_in_inquiries import take_in_inquiries
from services.leads.domain.access import Viewer
from services.leads.domain.lead import Actor
from services.leads.entrypoints.intake import decode
from shared.contracts.envelope import encode
from shared.database.engine import open_engine, open_pool
from shared.kernel.clock import Clock, utc_now
from shared.kernel.errors import VoronkaError
from shared.kernel.ids import new_id
from shared.messaging.outbox import Outbox

_SOURCE = "voronka/demo"
_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Expected:
    """How much leads must have heard of before the past can be told."""

    channels: int
    employees: int
    roles: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Past:
    """The tools of leads, opened without its processes."""

    engine: AsyncEngine
    intake: SqlIntake
    outbox: Outbox

    async def tell(self, channels: dict[str, Any], expected: Expected) -> int:
        """Let the history happen; return how many inquiries came."""
        await self._wait(expected)
        history = History(channels, await self._reasons(), utc_now())
        history.plan()
        came = 0
        while (move := history.take()) is not None:
            came += move.what == "inquiry"
            await self._do(move, history)
        return came

    async def _wait(self, expected: Expected) -> None:
        """Wait until the copies of what was just created have arrived; TimeoutError after half a minute."""
        tables = (known_channels, known_employees, known_roles, known_contacts)
        wanted = (expected.channels, expected.employees, expected.roles, expected.contacts)
        async with asyncio.timeout(_WAIT_S):
            while True:
                async with self.engine.connect() as connection:
                    counts = [
                        (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                        for table in tables
                    ]
                if all(count >= needed for count, needed in zip(counts, wanted, strict=True)):
                    return
                await asyncio.sleep(0.2)

    async def _reasons(self) -> list[UUID]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(select(rejection_reasons.c.id))).scalars())

    async def _do(self, move: Move, history: History) -> None:
        if move.what == "inquiry":
            body = encode(move.data, message_id=new_id(), source=_SOURCE, time=move.at)
            decisions = await take_in_inquiries([decode(body)], self.intake, _at(move.at))
            for lead_id in decisions.new_leads:
                history.lead_opened(lead_id, move.at)
            for lead_id in decisions.growths:
                history.lead_grown(lead_id, move.at)
            return
        try:
            await self._act(move, history)
        except VoronkaError:  # somebody else was first, as it happens in life
            return

    async def _act(self, move: Move, history: History) -> None:
        lead_id = move.data[0] if move.what == "reject" else move.data
        async with sql_work(self.engine, self.outbox, _at(move.at)) as work:
            row = (await work.connection.execute(select(leads).where(leads.c.id == lead_id))).mappings().one()
            actor = await self._actor(work.connection, row, history)
            viewer = Viewer(actor.id, frozenset(), "all")
            if move.what == "claim":
                await claim_lead(ClaimLead(lead_id, actor, viewer), work, move.at)
            elif move.what == "read":
                await read_lead(ReadLead(lead_id, viewer), work)
            else:
                await reject_lead(RejectLead(lead_id, actor, viewer, move.data[1]), work, move.at)

    async def _actor(self, connection: Any, row: Any, history: History) -> Actor:
        """Return the lead's own employee, else somebody of its role."""
        people = [row["responsible_id"]]
        if row["responsible_type"] == "role":
            members = select(known_roles.c.member_ids).where(known_roles.c.id == row["responsible_id"])
            people = list((await connection.execute(members)).scalar_one())
        chosen = history.pick(people)
        name = await connection.execute(select(known_employees.c.name).where(known_employees.c.id == chosen))
        return Actor(chosen, name.scalar_one())


def _at(moment: datetime) -> Clock:
    return lambda: moment


async def tell(database_url: str, channels: dict[str, Any], expected: Expected) -> int:
    """Open leads' database, let the past happen, close it."""
    engine = open_engine(database_url, name="demo")
    pool = await open_pool(database_url, name="demo", size=1)
    try:
        past = Past(engine, SqlIntake(pool, utc_now), Outbox(metadata.tables["outbox"], "voronka/leads"))
        return await past.tell(channels, expected)
    finally:
        await pool.close()
        await engine.dispose()
