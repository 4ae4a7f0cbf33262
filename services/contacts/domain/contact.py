"""A person we know, with the points to reach him by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contacts.domain.errors import PointTwiceError, PointUnreadableError
from shared.kernel.contact_points import PointKind, point
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A value to dial or write to and its canonical key; a shared one never names a person (B09)."""

    id: UUID
    kind: PointKind
    value: str
    key: str
    is_main: bool = False
    is_shared: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PointGiven:
    """A point as somebody typed it."""

    kind: PointKind
    value: str
    is_main: bool = False
    is_shared: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person; the name is always there (S091)."""

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    number: int = 0
    version: int = 1
    responsible_id: UUID | None = None
    spam: bool = False
    points: tuple[ContactPoint, ...] = ()

    def change(self, settings: dict[str, Any], now: datetime) -> "Contact":
        """Return the contact with some fields changed and the next version."""
        return replace(self, **settings, version=self.version + 1, updated_at=now)


def canonical_points(
    given: Sequence[PointGiven], known: Sequence[ContactPoint] = ()
) -> tuple[ContactPoint, ...]:
    """Return the points in canonical form, one main of each kind; known ones keep their ids.

    Raises PointUnreadableError naming the place, PointTwiceError when two have the same key.
    """
    ids = {(item.kind, item.key): item.id for item in known}
    found: dict[tuple[str, str], ContactPoint] = {}
    mains: set[str] = set()
    for place, item in enumerate(given):
        normal = point(item.kind, item.value)
        if normal is None:
            raise PointUnreadableError(
                f"«{item.value[:60]}» не похоже на {item.kind}", errors=[{"field": f"points.{place}.value"}]
            )
        same = (normal.kind, normal.key)
        if same in found:
            raise PointTwiceError(errors=[{"field": f"points.{place}.value"}])
        is_main = item.is_main and item.kind not in mains
        mains |= {item.kind} if is_main else set()
        found[same] = ContactPoint(
            ids.get(same) or new_id(),
            normal.kind,
            normal.value,
            normal.key,
            is_main,
            item.is_shared,
            item.comment,
        )
    return tuple(_with_mains(list(found.values()), mains))


def _with_mains(points: list[ContactPoint], mains: set[str]) -> list[ContactPoint]:
    """Make the first point of a kind its main one when nobody chose (S119, S121)."""
    done = set(mains)
    result = []
    for item in points:
        if item.kind not in done:
            done.add(item.kind)
            result.append(replace(item, is_main=True))
        else:
            result.append(item)
    return result
