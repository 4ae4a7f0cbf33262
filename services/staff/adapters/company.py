"""The company's settings in PostgreSQL: one row, or none yet."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.staff.adapters.tables import company
from services.staff.domain.company import Company

_THE_ONE = 1


class SqlCompany:
    """Stores the company's settings through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self) -> Company:
        """Return the settings; defaults until somebody sets them."""
        statement = select(company).where(company.c.id == _THE_ONE)
        row = (await self._connection.execute(statement)).mappings().first()
        return Company(**{item.name: row[item.name] for item in fields(Company)}) if row else Company()

    async def save(self, settings: Company, now: datetime) -> None:
        """Store the settings."""
        row = {"id": _THE_ONE, "updated_at": now, **asdict(settings)}
        statement = insert(company).values(**row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[company.c.id], set_=row)
        )


async def read_company(engine: AsyncEngine) -> Company:
    """Return the settings as they are now."""
    async with engine.connect() as connection:
        return await SqlCompany(connection).get()
