"""Lists: one set of manners for all of them (limit, cursor, sort, q, ids, updated_after and named filters)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import Column, ColumnElement, RowMapping, Select, and_, literal, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.cursors import seal, unseal
from shared.kernel.errors import InvalidError

LIMIT_DEFAULT = 50
LIMIT_MOST = 200
_LONGEST_Q = 200
_LARGEST = 2**63

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
    """What a list can be asked: sort columns by name, filters by name, and what `q` means.

    Without `search` the list knows no `q`, without `updated` no `updated_after`.
    """

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
    order: str
    """The name of the sort with its sign, as it was asked for."""
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
        if found.tzinfo is None:
            raise BadParameterError("a time needs its zone")
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadParameterError(f"not a time: {value[:60]}") from None


def as_bool(value: str) -> bool:
    """Return the truth of `true` or `false`; BadParameterError for anything else."""
    if value not in {"true", "false"}:
        raise BadParameterError(f"true or false: {value[:60]}")
    return value == "true"


def as_number(value: str) -> int:
    """Return the whole number from 0 to the largest that a column holds; BadParameterError otherwise."""
    if not (
        value.isascii() and value.isdigit() and len(value) <= len(str(_LARGEST)) and int(value) < _LARGEST
    ):
        raise BadParameterError(f"not a whole number: {value[:60]}")
    return int(value)


def parse(request: Request, listing: Listing) -> Query:
    """Understand the query of a list; UnknownParameterError, BadParameterError or BadCursorError otherwise."""
    params = request.query_params
    _check_names(params.keys(), listing)
    if any("\x00" in value for value in params.values()):
        raise BadParameterError("a parameter holds a NUL byte")
    sort = params.get("sort", listing.default_sort)
    column = listing.sorts.get(sort.removeprefix("-"))
    if column is None:
        raise BadParameterError(f"sort by one of {', '.join(listing.sorts)}")
    ids = values_of(request, "ids")
    cursor = params.get("cursor")
    return Query(
        _limit(params.get("limit"), len(ids)),
        sort,
        column,
        sort.startswith("-"),
        unseal(cursor, sort, column) if cursor else None,
        _conditions(request, listing, ids),
    )


def _check_names(given: Iterable[str], listing: Listing) -> None:
    allowed = {"limit", "cursor", "sort", "ids", *listing.filters}
    allowed |= {"q"} if listing.search else set()
    allowed |= {"updated_after"} if listing.updated is not None else set()
    if unknown := set(given) - allowed:
        raise UnknownParameterError(f"unknown: {', '.join(sorted(unknown))[:200]}")


def _conditions(request: Request, listing: Listing, ids: list[str]) -> list[Any]:
    params = request.query_params
    conditions = [
        make(values) for name, make in listing.filters.items() if (values := values_of(request, name))
    ]
    if len(ids) > LIMIT_MOST:
        raise BadParameterError(f"ids are {LIMIT_MOST} at most")
    if ids:
        conditions.append(listing.table_id.in_([as_uuid(value) for value in ids]))
    if (q := params.get("q", "").strip()) and listing.search:
        conditions.append(listing.search(q[:_LONGEST_Q]))
    if (after := params.get("updated_after")) and listing.updated is not None:
        conditions.append(listing.updated > as_time(after))
    return conditions


def _limit(value: str | None, ids: int) -> int:
    """Return the limit asked for; whoever names ids gets them all on one page."""
    if value is None:
        return ids or LIMIT_DEFAULT
    if not 1 <= as_number(value) <= LIMIT_MOST:
        raise BadParameterError(f"limit is 1 to {LIMIT_MOST}")
    return int(value)


def apply(statement: Select[Any], query: Query, listing: Listing) -> Select[Any]:
    """Return the statement for one page: filters, keyset condition, order, one row more than the limit.

    Empty values stand last going up and first going down, which is how PostgreSQL's indexes hold them.
    """
    column, key = query.sort, listing.table_id
    statement = statement.where(*query.conditions)
    if query.after is not None:
        statement = statement.where(_beyond(query, key, *query.after))
    order = (column.desc(), key.desc()) if query.descending else (column, key)
    return statement.order_by(*order).limit(query.limit + 1)


def _beyond(query: Query, key: Column[UUID], value: Any, identity: UUID) -> ColumnElement[bool]:
    """Return the condition of the rows after the place of the cursor, as an index can serve it."""
    column = query.sort
    if value is None:
        same = and_(column.is_(None), key < identity if query.descending else key > identity)
        return or_(same, column.is_not(None)) if query.descending else same
    here, there = tuple_(column, key), tuple_(literal(value, column.type), literal(identity, key.type))
    if query.descending:
        return here < there
    return or_(here > there, column.is_(None)) if column.nullable else here > there


async def fetch(
    connection: AsyncConnection, statement: Select[Any], query: Query, listing: Listing
) -> tuple[Sequence[RowMapping], str | None]:
    """Return the rows of one page and the cursor of the next."""
    rows = (await connection.execute(apply(statement, query, listing))).mappings().all()
    if len(rows) <= query.limit:
        return rows, None
    rows = rows[: query.limit]
    return rows, seal(query.order, rows[-1][query.sort.name], rows[-1][listing.table_id.name])
