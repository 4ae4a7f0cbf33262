"""Keys marked as spam in PostgreSQL: the flag that intake reads, and beside it who set it and when."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.tables import identities, spam_keys
from services.leads.domain.inquiry import Key
from services.leads.domain.lead import Actor, Lead
from shared.http.pages import Listing, Query, fetch
from shared.kernel.ids import new_id

LISTING = Listing(
    table_id=spam_keys.c.id,
    sorts={"marked_at": spam_keys.c.marked_at},
    default_sort="-marked_at",
    filters={"kind": spam_keys.c.kind.in_, "value": spam_keys.c.value.in_},
    search=lambda q: spam_keys.c.value.icontains(q.strip().removeprefix("+"), autoescape=True),
    updated=spam_keys.c.marked_at,
)


async def list_marked(connection: AsyncConnection, query: Query) -> tuple[Sequence[RowMapping], str | None]:
    """Return one page of the keys marked as spam."""
    return await fetch(connection, select(spam_keys), query, LISTING)


class SqlSpamKeys:
    """Marks keys through one connection and its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def mark(self, keys: Iterable[Key], lead: Lead, actor: Actor, at: datetime) -> None:
        """Mark the keys as spam because of a lead; the caller has locked them."""
        marked = sorted(keys)
        if not marked:
            return
        await self._flag(marked, spam=True)
        rows = [
            {
                "id": new_id(),
                "kind": key.kind,
                "value": key.value,
                "lead_id": lead.id,
                "marked_by": actor.id,
                "marked_by_name": actor.name,
                "marked_at": at,
            }
            for key in marked
        ]
        await self._connection.execute(insert(spam_keys).on_conflict_do_nothing(), rows)

    async def take_off(self, keys: Iterable[Key]) -> None:
        """Take the mark off; keys without one stay as they are."""
        freed = sorted(keys)
        if not freed:
            return
        await self._flag(freed, spam=False)
        pairs = [tuple(key) for key in freed]
        await self._connection.execute(
            delete(spam_keys).where(tuple_(spam_keys.c.kind, spam_keys.c.value).in_(pairs))
        )

    async def _flag(self, keys: list[Key], *, spam: bool) -> None:
        pairs = [tuple(key) for key in keys]
        statement = update(identities).where(
            tuple_(identities.c.kind, identities.c.value).in_(pairs), identities.c.spam != spam
        )
        await self._connection.execute(statement.values(spam=spam))
