"""Cursors of lists: the place where a page ended, in the order that it was asked for."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Column

from shared.kernel.errors import InvalidError

_LONGEST = 8_000
_LARGEST = 2**63


class BadCursorError(InvalidError):
    """This cursor is not ours, or belongs to another order of the list."""

    slug = "bad-cursor"


def seal(sort: str, value: Any, identity: UUID) -> str:
    """Return the cursor after the row with this sort value and id."""
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, text, str(identity)])).decode().rstrip("=")


def unseal(cursor: str, sort: str, column: Column[Any]) -> tuple[Any, UUID]:
    """Return sort value and id; BadCursorError unless it was made for this sort and fits the column."""
    if len(cursor) > _LONGEST:
        raise BadCursorError
    try:
        made_for, value, identity = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if made_for != sort:
            raise BadCursorError
        return _fitting(value, column), UUID(identity)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise BadCursorError from None


def _fitting(value: Any, column: Column[Any]) -> Any:
    """Return the value as the column holds it; ValueError if it cannot."""
    wanted = column.type.python_type
    if value is None and column.nullable:
        return None
    if wanted is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if type(value) is not wanted:
        raise ValueError(value)
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise ValueError(value)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError(value)
    return value
