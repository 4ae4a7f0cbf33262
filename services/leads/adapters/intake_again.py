"""Inquiries that were kept as spam, read back from what is stored so that the rules may look at them again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.leads.adapters.intake_read import Connection
from services.leads.domain.inquiry import Incoming, Key
from shared.kernel.contact_points import point

BATCH = 500

KEPT_AS_SPAM = """
select i.id, i.channel_id, i.kind, i.external_id, i.occurred_at, i.received_at, i.text, i.content
from inquiries i
cross join lateral (
  select body from decisions where inquiry_id = i.id order by seq desc limit 1
) d
where i.rule = 'spam' and i.received_at >= $1 and i.id <> all($4::uuid[]) and exists (
  select from unnest($2::text[], $3::text[]) as t(k, v)
  where d.body -> 'matched' @> jsonb_build_array(jsonb_build_object('kind', t.k, 'value', t.v))
)
order by i.received_at, i.id limit $5 for update of i
"""


async def read_kept_as_spam(
    connection: Connection, keys: Collection[Key], since: datetime, without: Collection[UUID]
) -> list[Incoming]:
    """Return a batch of them, locked, the oldest first."""
    kinds, values = [key.kind for key in keys], [key.value for key in keys]
    rows = await connection.fetch(KEPT_AS_SPAM, since, kinds, values, list(without), BATCH)
    return [_incoming(row) for row in rows]


def _incoming(row: Any) -> Incoming:
    content: dict[str, Any] = orjson.loads(row["content"])
    sender: dict[str, Any] = content.get("sender", {})
    said = {"phone": sender.get("phones", []), "email": sender.get("emails", [])}
    said |= {kind: [sender[f"{kind}_id"]] for kind in ("vk", "telegram") if sender.get(f"{kind}_id")}
    found = {
        kind: [item for value in values if (item := point(kind, value))] for kind, values in said.items()
    }
    keys = (Key(kind, item.key) for kind, items in found.items() for item in items)
    return Incoming(
        id=row["id"],
        channel_id=row["channel_id"],
        kind=row["kind"],
        external_id=row["external_id"],
        occurred_at=row["occurred_at"],
        received_at=row["received_at"],
        keys=tuple(dict.fromkeys(keys)),
        name=sender.get("name", ""),
        phones=tuple(item.value for item in found["phone"]),
        emails=tuple(item.value for item in found["email"]),
        text=row["text"],
        suspected_spam=bool(content.get("suspected_spam")),
        content=row["content"],
        raw_type="",
        raw="",
    )
