"""Reading the board: every column is a list of its own that fails alone."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from services.gateway.application.ports import Owner
from services.gateway.pages.card import ColumnKey
from services.gateway.pages.columns import COLUMNS, PAGE, Answer, column_query, column_sort
from services.gateway.pages.filters import Filter
from services.gateway.pages.reader import Json, Reader
from shared.kernel.errors import ForbiddenError, UnauthorizedError, VoronkaError

IDS_MOST = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BoardReads:
    """Reads of one reader: the owner of leads, his signed token, his filter."""

    leads: Owner
    token: str
    chosen: Filter
    reader: Reader

    async def columns(self) -> dict[ColumnKey, Answer]:
        """Read all columns at once."""
        answers = await asyncio.gather(*(self.column(key) for key in COLUMNS))
        return dict(zip(COLUMNS, answers, strict=True))

    async def column(self, key: ColumnKey, cursor: str = "", *, counted: bool = True) -> Answer:
        """Read one column from a cursor on; the count is asked for only where the first page does not tell it.

        InvalidError when its owner does not know the cursor.
        """
        query = column_query(key, self.chosen, self.reader)
        params = [*query, ("sort", column_sort(key)), ("limit", str(PAGE))]
        if cursor:
            params.append(("cursor", cursor))
        try:
            page = await self.leads.get("/api/v1/leads", token=self.token, params=params)
        except (UnauthorizedError, ForbiddenError):
            raise
        except VoronkaError as error:
            if cursor and error.kind == "invalid":
                raise
            log.warning("a column was not read", column=key, error=error.detail)
            return Answer(failed=True)
        items, more = page["items"], page["next_cursor"]
        if cursor or not counted:
            return Answer(items, more)
        if more is None:
            return Answer(items, count=len(items))
        count, capped = await self._count(query)
        return Answer(items, more, count, capped)

    async def _count(self, query: list[tuple[str, str]]) -> tuple[int | None, bool]:
        try:
            found = await self.leads.get("/api/v1/leads/count", token=self.token, params=query)
        except UnauthorizedError:
            raise
        except VoronkaError as error:
            log.warning("a column was not counted", error=error.detail)
            return None, False
        return int(found["count"]), bool(found["capped"])

    async def counts(self, keys: Iterable[ColumnKey]) -> dict[ColumnKey, Answer]:
        """Count some columns at once, without their cards."""
        wanted = list(keys)
        found = await asyncio.gather(
            *(self._count(column_query(key, self.chosen, self.reader)) for key in wanted)
        )
        return {
            key: Answer(count=count, capped=capped)
            for key, (count, capped) in zip(wanted, found, strict=True)
        }

    async def cards(self, ids: list[str]) -> list[Json]:
        """Read leads by their ids as far as they fit the filter and the reader may see them; errors are raised."""
        if not ids:
            return []
        wanted = ids[:IDS_MOST]
        params = [("ids", ",".join(wanted)), ("limit", str(IDS_MOST)), *self.chosen.asked(self.reader)]
        page = await self.leads.get("/api/v1/leads", token=self.token, params=params)
        items: list[Json] = page["items"]
        return items
