"""Channels in PostgreSQL."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.channels.adapters.tables import channels
from services.channels.domain.channel import Channel, Responsible
from services.channels.domain.errors import ChannelMissingError


class SqlChannelRepository:
    """Stores channels through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, channel: Channel) -> Channel:
        """Store a new channel and return it with its number."""
        statement = channels.insert().values(**_row(channel)).returning(channels.c.number)
        return replace(channel, number=(await self._connection.execute(statement)).scalar_one())

    async def get(self, channel_id: UUID) -> Channel:
        """Return the channel, locked for this transaction; ChannelMissingError if there is none."""
        statement = select(channels).where(channels.c.id == channel_id).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise ChannelMissingError
        return to_channel(row)

    async def save(self, channel: Channel) -> None:
        """Store a changed channel."""
        statement = channels.update().where(channels.c.id == channel.id).values(**_row(channel))
        await self._connection.execute(statement)


def _row(channel: Channel) -> dict[str, Any]:
    row = asdict(channel)
    del row["number"]
    if channel.responsible:
        row["responsible"] = {"type": channel.responsible.type, "id": str(channel.responsible.id)}
    return row


def to_channel(row: RowMapping) -> Channel:
    """Return the channel that a row holds."""
    values = dict(row)
    if (stored := values["responsible"]) is not None:
        values["responsible"] = Responsible(stored["type"], UUID(stored["id"]))
    return Channel(**values)
