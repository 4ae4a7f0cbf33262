"""Reading channels for lists, cards and connectors."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.channels.adapters.repository import to_channel
from services.channels.adapters.tables import channels
from services.channels.domain.channel import Channel
from services.channels.domain.errors import ChannelMissingError
from shared.http.pages import Listing, Query, as_uuid, fetch

LISTING = Listing(
    table_id=channels.c.id,
    sorts={"name": channels.c.name, "created_at": channels.c.created_at, "updated_at": channels.c.updated_at},
    default_sort="created_at",
    filters={
        "kind": channels.c.kind.in_,
        "status": channels.c.status.in_,
        "id": lambda values: channels.c.id.in_([as_uuid(value) for value in values]),
    },
    search=lambda q: channels.c.name.icontains(q, autoescape=True),
    updated=channels.c.updated_at,
)
"""What the list of channels can be asked."""


async def list_page(engine: AsyncEngine, query: Query) -> tuple[Sequence[Channel], str | None]:
    """Return the channels of one page and the cursor of the next."""
    async with engine.connect() as connection:
        rows, cursor = await fetch(connection, select(channels), query, LISTING)
    return [to_channel(row) for row in rows], cursor


async def read(engine: AsyncEngine, channel_id: UUID) -> Channel:
    """Return one channel; ChannelMissingError if there is none."""
    async with engine.connect() as connection:
        return await _one(connection, channels.c.id == channel_id)


async def read_by_key(engine: AsyncEngine, key: str) -> Channel:
    """Return the channel with this key in its address; ChannelMissingError if there is none."""
    async with engine.connect() as connection:
        return await _one(connection, channels.c.key == key)


async def _one(connection: AsyncConnection, condition: ColumnElement[bool]) -> Channel:
    row = (await connection.execute(select(channels).where(condition))).mappings().first()
    if row is None:
        raise ChannelMissingError
    return to_channel(row)
