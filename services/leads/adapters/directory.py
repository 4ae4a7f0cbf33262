"""What this unit knows of the others, from its own copies."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.known import known_channels, known_employees, known_points, known_roles
from services.leads.adapters.tables import rejection_reasons
from services.leads.domain.errors import AssigneeUnknownError, ReasonMissingError
from services.leads.domain.inquiry import Key
from services.leads.domain.snapshot import Responsible


class SqlDirectory:
    """Reads the copies through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reason_required(self, channel_id: UUID) -> bool:
        """Say whether leads of the channel are rejected only with a reason (S066)."""
        statement = select(known_channels.c.reason_required).where(known_channels.c.id == channel_id)
        return bool((await self._connection.execute(statement)).scalar_one_or_none())

    async def keys_of_contacts(self, keys: Collection[Key]) -> set[Key]:
        """Return those of the keys that belong to known contacts."""
        points = known_points.c
        statement = select(points.kind, points.value).where(
            tuple_(points.kind, points.value).in_([tuple(key) for key in keys])
        )
        return {Key(row.kind, row.value) for row in await self._connection.execute(statement)}

    async def reason_name(self, reason_id: UUID, *, put_away: bool = False) -> str:
        """Return the name of a rejection reason that is active, or also put away; ReasonMissingError otherwise."""
        statement = select(rejection_reasons.c.name).where(rejection_reasons.c.id == reason_id)
        if not put_away:
            statement = statement.where(rejection_reasons.c.is_active)
        name = (await self._connection.execute(statement)).scalar_one_or_none()
        if name is None:
            raise ReasonMissingError
        return str(name)

    async def assignee_name(self, responsible: Responsible) -> str:
        """Return the name of an employee who may take leads or of a role; AssigneeUnknownError otherwise."""
        if responsible.type == "role":
            statement = select(known_roles.c.name).where(known_roles.c.id == responsible.id)
        else:
            statement = select(known_employees.c.name).where(
                known_employees.c.id == responsible.id,
                known_employees.c.is_active,
                known_employees.c.takes_leads,
            )
        name = (await self._connection.execute(statement)).scalar_one_or_none()
        if name is None:
            raise AssigneeUnknownError
        return str(name)

    async def team_of(self, heads: frozenset[UUID]) -> frozenset[UUID]:
        """Return the members of the roles that somebody heads."""
        if not heads:
            return frozenset()
        statement = select(known_roles.c.member_ids).where(known_roles.c.id.in_(heads))
        rows = (await self._connection.execute(statement)).scalars()
        return frozenset(member for members in rows for member in members)
