"""Messages that may have ended the process that opened them, noted before they are opened again.

Whatever ends a process (an endless loop, all memory, a crash of native code) leaves no error to look at: all that is
known is which message was noted last.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import Column, DateTime, MetaData, SmallInteger, Table, Text, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging.deliveries import Delivery

_RECENT = timedelta(minutes=10)


def suspects_table(metadata: MetaData) -> Table:
    """Return the suspects of a unit: how often a message was noted before it was opened."""
    return Table(
        "suspects",
        metadata,
        Column("message_id", Text, primary_key=True),
        Column("times", SmallInteger, nullable=False, server_default="1"),
        Column("noted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


class Suspects:
    """The suspects of a unit; every call is a transaction of its own, so that it outlives the process."""

    def __init__(self, engine: AsyncEngine, table: Table) -> None:
        self._engine = engine
        self._table = table

    async def exist(self) -> bool:
        """Say whether a message was noted in the last minutes and not forgotten."""
        recent = self._table.c.noted_at > func.now() - _RECENT
        async with self._engine.connect() as connection:
            return bool(await connection.scalar(select(exists().where(recent))))

    async def note(self, message: Delivery) -> int:
        """Note the message and return how often it was noted before."""
        noted = insert(self._table).values(message_id=_name(message))
        statement = noted.on_conflict_do_update(
            index_elements=["message_id"],
            set_={"times": self._table.c.times + 1, "noted_at": func.now()},
        ).returning(self._table.c.times)
        async with self._engine.begin() as connection:
            return int(await connection.scalar(statement) or 1) - 1

    async def forget(self, message: Delivery) -> None:
        """Forget a message that was handled or moved aside, and those that nobody has seen for long."""
        old = self._table.c.noted_at < func.now() - timedelta(days=1)
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(self._table).where((self._table.c.message_id == _name(message)) | old)
            )


def _name(message: Delivery) -> str:
    return message.message_id or hashlib.sha256(message.body).hexdigest()
