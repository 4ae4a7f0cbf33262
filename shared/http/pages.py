"""Lists: one set of manners for all of them (limit, cursor, sort, q, ids, updated_after and named filters)."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import Column, RowMapping, Select, and_, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.kernel.errors import InvalidError

LIMIT_DEFAULT = 50
LIMIT_MOST = 200

T = TypeVar("T")


class UnknownParameterError(InvalidError):
    """The list knows no such parameter."""

    slug = "unknown-parameter"


class BadParameterError(InvalidError):
    """A parameter has a value that the list cannot use."""

    slug = "bad-parameter"


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list can be asked: sort columns by name, filters by name, and what `q` means."""

    table_id: Column[UUID]
    sorts: Mapping[str, Column[Any]]
    default_sort: str
    filters: Mapping[str, Callable[[list[str]], Any]] = field(default_factory=dict)
    search: Callable[[str], Any] | None = None
    updated: Column[datetime] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A list request as it was understood."""

    limit: int
    sort: Column[Any]
    descending: bool
    after: tuple[Any, UUID] | None
    conditions: list[Any]


def values_of(request: Request, name: str) -> list[str]:
    """Return all values of a parameter: repeated, or separated by commas."""
    return [part for value in request.query_params.getlist(name) for part in value.split(",") if part]


def as_uuid(value: str) -> UUID:
    """Return the id; BadParameterError if it is none."""
    try:
        return UUID(value)
    except ValueError:
        raise BadParameterError(f"not an id: {value[:60]}") from None


def as_time(value: str) -> datetime:
    """Return the aware time of an RFC 3339 text; BadParameterError if it is none."""
    try:
        found = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise BadParameterError(f"not a time: {value[:60]}") from None
    if found.tzinfo is None:
        raise BadParameterError("a time needs its zone")
    return found


def parse(request: Request, listing: Listing) -> Query:
    """Understand the query of a list; UnknownParameterError or BadParameterError otherwise."""
    allowed = {"limit", "cursor", "sort", "q", "ids", "updated_after", *listing.filters}
    unknown = set(request.query_params) - allowed
    if unknown:
        raise UnknownParameterError(f"unknown: {', '.join(sorted(unknown))[:200]}")
    params = request.query_params
    sort = params.get("sort", listing.default_sort)
    column = listing.sorts.get(sort.removeprefix("-"))
    if column is None:
        raise BadParameterError(f"sort by one of {', '.join(listing.sorts)}")
    conditions = [
        make(values_of(request, name)) for name, make in listing.filters.items() if values_of(request, name)
    ]
    if ids := values_of(request, "ids"):
        conditions.append(listing.table_id.in_([as_uuid(value) for value in ids[:LIMIT_MOST]]))
    if (q := params.get("q", "").replace("\x00", "").strip()) and listing.search:
        conditions.append(listing.search(q[:200]))
    if (after := params.get("updated_after")) and listing.updated is not None:
        conditions.append(listing.updated > as_time(after))
    cursor = params.get("cursor")
    return Query(
        _limit(params.get("limit")),
        column,
        sort.startswith("-"),
        _open(cursor) if cursor else None,
        conditions,
    )


def _limit(value: str | None) -> int:
    if value is None:
        return LIMIT_DEFAULT
    if not value.isdigit() or not 1 <= int(value) <= LIMIT_MOST:
        raise BadParameterError(f"limit is 1 to {LIMIT_MOST}")
    return int(value)


def _open(cursor: str) -> tuple[Any, UUID]:
    try:
        kind, value, identity = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return (datetime.fromisoformat(value) if kind == "t" else value), UUID(identity)
    except (ValueError, TypeError, KeyError):
        raise BadParameterError("this cursor is not ours") from None


def _seal(value: Any, identity: UUID) -> str:
    kind = "t" if isinstance(value, datetime) else "v"
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([kind, text, str(identity)])).decode().rstrip("=")


def apply(statement: Select[Any], query: Query, listing: Listing) -> Select[Any]:
    """Return the statement for one page: filters, keyset condition, order, one row more than the limit."""
    column, key = query.sort, listing.table_id
    statement = statement.where(*query.conditions)
    if query.after is not None:
        value, identity = query.after
        beyond = column < value if query.descending else column > value
        tie = key < identity if query.descending else key > identity
        statement = statement.where(or_(beyond, and_(column == value, tie)))
    order = (column.desc(), key.desc()) if query.descending else (column, key)
    return statement.order_by(*order).limit(query.limit + 1)


async def fetch(
    connection: AsyncConnection, statement: Select[Any], query: Query, listing: Listing
) -> tuple[Sequence[RowMapping], str | None]:
    """Return the rows of one page and the cursor of the next."""
    rows = (await connection.execute(apply(statement, query, listing))).mappings().all()
    if len(rows) <= query.limit:
        return rows, None
    rows = rows[: query.limit]
    return rows, _seal(rows[-1][query.sort.name], rows[-1][listing.table_id.name])
