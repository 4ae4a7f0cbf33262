"""Reading the snapshot of a batch: what others own without locks, then the rest under the locks of its keys."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
import orjson

from services.leads.adapters import intake_sql as sql
from services.leads.domain.inquiry import Incoming, Key, contact_key
from services.leads.domain.snapshot import (
    Channel,
    Contact,
    Employee,
    Identity,
    OpenLead,
    Point,
    Responsible,
    Snapshot,
)

A = TypeVar("A")
B = TypeVar("B")

Connection: TypeAlias = "asyncpg.Connection | asyncpg.pool.PoolConnectionProxy"


async def read_known(connection: Connection, batch: Sequence[Incoming]) -> Snapshot:
    """See to it that every key of the batch has its row, and return what the copies of the others' data say.

    Needs no locks and no transaction of its own: the next batch does it while the one before it is written.
    """
    snapshot = Snapshot()
    keys = {key for inquiry in batch for key in inquiry.keys}
    await _add_keys(connection, keys)
    await _read_points(connection, keys, snapshot)
    await _add_keys(connection, {contact_key(item) for item in snapshot.contacts})
    await _read_channels(connection, {inquiry.channel_id for inquiry in batch}, snapshot)
    await _read_staff(connection, keys, snapshot)
    return snapshot


async def lock_and_read(connection: Connection, batch: Sequence[Incoming], snapshot: Snapshot) -> None:
    """Complete the snapshot under locks; key rows stay locked until the transaction ends."""
    await _lock_keyless(connection, batch)
    await _lock_keys(connection, {key for inquiry in batch for key in inquiry.keys}, snapshot)
    await _lock_keys(connection, {contact_key(item) for item in snapshot.contacts}, snapshot)
    stored = await connection.fetch(sql.STORED, [inquiry.id for inquiry in batch])
    snapshot.stored = frozenset(row["id"] for row in stored)
    await _read_leads(connection, snapshot)
    await _read_turns(connection, snapshot)


async def _lock_keyless(connection: Connection, batch: Sequence[Incoming]) -> None:
    """Let twins of an inquiry without any key wait for each other, as those with keys do."""
    numbers = sorted({inquiry.id.int & 0x7FFF_FFFF_FFFF_FFFF for inquiry in batch if not inquiry.keys})
    if numbers:
        await connection.fetch(sql.LOCK_KEYLESS, numbers)


async def _add_keys(connection: Connection, keys: Iterable[Key]) -> None:
    if ordered := sorted(keys):
        await connection.execute(sql.NEW_KEYS, *_columns(ordered))


async def _lock_keys(connection: Connection, keys: Iterable[Key], snapshot: Snapshot) -> None:
    if not (ordered := sorted(keys)):
        return
    rows = await connection.fetch(sql.LOCK_KEYS, *_columns(ordered))
    if len(rows) < len(
        ordered
    ):  # the database fell before it wrote down those that were added without waiting
        await _add_keys(connection, ordered)
        rows = await connection.fetch(sql.LOCK_KEYS, *_columns(ordered))
    for row in rows:
        snapshot.identities[Key(row["kind"], row["value"])] = Identity(row["open_lead_id"], row["spam"])


async def _read_points(connection: Connection, keys: Iterable[Key], snapshot: Snapshot) -> None:
    ordered = list(keys)
    if not ordered:
        return
    rows = await connection.fetch(sql.POINTS, *_columns(ordered))
    for row in rows:
        key = Key(row["kind"], row["value"])
        point = Point(row["contact_id"], row["shared"])
        snapshot.points[key] = (*snapshot.points.get(key, ()), point)
        snapshot.contacts[row["contact_id"]] = Contact(
            row["contact_id"], row["name"], row["responsible_id"], row["spam"]
        )


async def _read_leads(connection: Connection, snapshot: Snapshot) -> None:
    ids = {item.open_lead_id for item in snapshot.identities.values() if item.open_lead_id}
    if not ids:
        return
    for row in await connection.fetch(sql.LEADS, list(ids)):
        keys = frozenset(Key.parse(item) for item in row["keys"])
        snapshot.leads[row["id"]] = OpenLead(row["id"], row["last_inquiry_at"], row["contact_id"], keys)


async def _read_channels(connection: Connection, ids: set[UUID], snapshot: Snapshot) -> None:
    for row in await connection.fetch(sql.CHANNELS, list(ids)):
        responsible = (
            Responsible(row["responsible_type"], row["responsible_id"]) if row["responsible_id"] else None
        )
        snapshot.channels[row["id"]] = Channel(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            lead_source=row["lead_source"],
            responsible=responsible,
            strategy=row["strategy"],
            sticky=row["sticky"],
            repeat=row["repeat"],
            reason_required=row["reason_required"],
        )


async def _read_staff(connection: Connection, keys: Iterable[Key], snapshot: Snapshot) -> None:
    targets = [channel.responsible for channel in snapshot.channels.values() if channel.responsible]
    role_ids = [target.id for target in targets if target.type == "role"]
    if role_ids:
        for row in await connection.fetch(sql.ROLES, role_ids):
            snapshot.roles[row["id"]] = tuple(row["member_ids"])
    wanted = {member for members in snapshot.roles.values() for member in members}
    wanted |= {target.id for target in targets if target.type == "employee"}
    wanted |= {contact.responsible_id for contact in snapshot.contacts.values() if contact.responsible_id}
    texts = [str(key) for key in keys]
    for row in await connection.fetch(sql.EMPLOYEES, list(wanted), texts):
        employee = Employee(row["id"], row["name"], row["is_active"], row["takes_leads"])
        snapshot.employees[employee.id] = employee
        if employee.is_active:
            snapshot.employee_keys.update((Key.parse(item), employee.id) for item in row["keys"])


async def _read_turns(connection: Connection, snapshot: Snapshot) -> None:
    """Read loads, then lock the cursors: the last locks of every transaction."""
    channels = [
        item for item in snapshot.channels.values() if item.responsible and item.responsible.type == "role"
    ]
    if any(channel.strategy == "least_loaded" for channel in channels):
        rows = await connection.fetch(sql.LOAD, list(snapshot.employees))
        snapshot.load = {row["responsible_id"]: row["open"] for row in rows}
    pairs = sorted(
        (channel.responsible.id, channel.id)
        for channel in channels
        if channel.responsible and channel.strategy != "everyone"
    )
    if not pairs:
        return
    await connection.execute(sql.NEW_CURSORS, *_columns(pairs))
    for row in await connection.fetch(sql.LOCK_CURSORS, *_columns(pairs)):
        counts: dict[str, Any] = orjson.loads(row["counts"])
        snapshot.cursors[row["role_id"], row["channel_id"]] = {UUID(key): int(n) for key, n in counts.items()}


def _columns(pairs: Sequence[tuple[A, B]]) -> tuple[list[A], list[B]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
