"""Writing the copies of what other units own: only a greater version changes anything."""

from typing import Any

from sqlalchemy import Table, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.leads.adapters.known import (
    known_channels,
    known_company,
    known_contacts,
    known_employees,
    known_points,
    known_roles,
)
from services.leads.domain.inquiry import Key
from shared.contracts.channels import ChannelChanged
from shared.contracts.contacts import ContactChanged
from shared.contracts.staff import CompanyChanged, EmployeeChanged, RoleChanged
from shared.kernel.contact_points import point


async def _copy(connection: AsyncConnection, table: Table, row: dict[str, Any]) -> bool:
    """Insert or overwrite by id; False when the copy is already as new."""
    statement = insert(table).values(**row)
    changed = {name: statement.excluded[name] for name in row if name != "id"}
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.id], set_=changed, where=table.c.version < statement.excluded.version
    )
    return (await connection.execute(statement.returning(table.c.id))).first() is not None


async def copy_channel(connection: AsyncConnection, event: ChannelChanged) -> None:
    """Keep the business settings of a channel."""
    responsible = event.responsible
    row = {
        "id": event.channel_id,
        "version": event.version,
        "name": event.name,
        "kind": event.kind,
        "provider": event.provider,
        "lead_source": event.lead_source,
        "responsible_type": responsible.type if responsible else None,
        "responsible_id": responsible.id if responsible else None,
        "strategy": event.strategy,
        "sticky": event.sticky,
        "repeat": event.repeat,
        "reason_required": event.reason_required,
    }
    await _copy(connection, known_channels, row)


async def copy_employee(connection: AsyncConnection, event: EmployeeChanged) -> None:
    """Keep who a colleague is and the keys by which his own inquiries are recognised (rule 0)."""
    own = [("phone", event.phone), ("email", event.email)]
    found = [point(kind, value) for kind, value in own if value]
    row = {
        "id": event.employee_id,
        "version": event.version,
        "name": event.name,
        "is_active": event.is_active and not event.deleted,
        "takes_leads": event.takes_leads,
        "keys": [str(Key(item.kind, item.key)) for item in found if item],
    }
    await _copy(connection, known_employees, row)


async def copy_role(connection: AsyncConnection, event: RoleChanged) -> None:
    """Keep the members of a role (S260); a deleted role has none."""
    row = {
        "id": event.role_id,
        "version": event.version,
        "name": event.name,
        "head_id": event.head_id,
        "member_ids": [] if event.deleted else list(event.member_ids),
    }
    await _copy(connection, known_roles, row)


async def copy_company(connection: AsyncConnection, event: CompanyChanged) -> None:
    """Keep the company's settings."""
    settings = {
        "name": event.name,
        "time_zone": event.time_zone,
        "currency": event.currency,
        "mode": event.mode,
    }
    await _copy(connection, known_company, {"id": 1, "version": event.version, "settings": settings})


async def copy_contact(connection: AsyncConnection, event: ContactChanged) -> None:
    """Keep a contact, the keys that lead to him, and the spam mark on those keys (S008)."""
    row = {
        "id": event.contact_id,
        "version": event.version,
        "name": event.name,
        "responsible_id": event.responsible_id,
        "spam": event.spam,
        "deleted": event.deleted,
    }
    if not await _copy(connection, known_contacts, row):
        return
    await connection.execute(delete(known_points).where(known_points.c.contact_id == event.contact_id))
    points = [] if event.deleted else _points(event)
    if points:
        await connection.execute(insert(known_points).on_conflict_do_nothing(), points)


def _points(event: ContactChanged) -> list[dict[str, Any]]:
    unique: dict[tuple[str, str], dict[str, Any]] = {}
    for item in event.points:
        unique[item.kind, item.key] = {
            "kind": item.kind,
            "value": item.key,
            "contact_id": event.contact_id,
            "shared": item.is_shared,
        }
    return list(unique.values())
