"""The inbox: the id of a message is recorded in the transaction of its effect, so a repeat has none."""

from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


def inbox_table(metadata: MetaData) -> Table:
    """Return the inbox of a unit: one row for each message and queue that took effect."""
    return Table(
        "inbox",
        metadata,
        Column("queue", Text, primary_key=True),
        Column("message_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    )


async def is_first(connection: AsyncConnection, inbox: Table, queue: str, message_id: UUID) -> bool:
    """Record the message and say whether it was not there yet; a concurrent twin waits for this transaction."""
    statement = (
        insert(inbox)
        .values(queue=queue, message_id=message_id)
        .on_conflict_do_nothing()
        .returning(inbox.c.message_id)
    )
    return (await connection.execute(statement)).first() is not None
