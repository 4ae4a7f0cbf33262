"""Rejection reasons in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.tables import rejection_reasons
from services.leads.domain.errors import ReasonMissingError
from services.leads.domain.reason import RejectionReason
from shared.http.pages import Listing, Query, as_bool, fetch

LISTING = Listing(
    table_id=rejection_reasons.c.id,
    sorts={"position": rejection_reasons.c.position, "name": rejection_reasons.c.name},
    default_sort="position",
    filters={"is_active": lambda values: rejection_reasons.c.is_active.in_(list(map(as_bool, values)))},
    search=lambda q: rejection_reasons.c.name.icontains(q, autoescape=True),
    updated=rejection_reasons.c.updated_at,
)


async def list_reasons(connection: AsyncConnection, query: Query) -> tuple[Sequence[RowMapping], str | None]:
    """Return one page of the directory."""
    return await fetch(connection, select(rejection_reasons), query, LISTING)


class SqlRejectionReasons:
    """Stores reasons through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_position(self) -> int:
        """Return the place of the last reason, 0 when there is none."""
        statement = select(func.coalesce(func.max(rejection_reasons.c.position), 0))
        return int((await self._connection.execute(statement)).scalar_one())

    async def add(self, reason: RejectionReason) -> None:
        """Store a new reason."""
        await self._connection.execute(rejection_reasons.insert().values(**asdict(reason)))

    async def get(self, reason_id: UUID) -> RejectionReason:
        """Return the reason, locked; ReasonMissingError if there is none."""
        statement = select(rejection_reasons).where(rejection_reasons.c.id == reason_id).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise ReasonMissingError
        return RejectionReason(row["id"], row["name"], row["position"], row["is_active"], row["version"])

    async def save(self, reason: RejectionReason) -> None:
        """Store a changed reason."""
        statement = rejection_reasons.update().where(rejection_reasons.c.id == reason.id)
        await self._connection.execute(statement.values(**asdict(reason), updated_at=func.now()))
