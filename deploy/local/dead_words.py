"""How dead letters look in a terminal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.messaging.dead_letter_body import readable


def lines_of(rows: Sequence[Mapping[Any, Any]]) -> Iterator[str]:
    """Yield two lines for each letter: what it is, and why it died."""
    for row in rows:
        yield f"  {row['id']}  {row['died_at']:%Y-%m-%d %H:%M:%S}Z  {row['queue']}  {row['topic']}"
        yield f"    after {row['attempts']} retries: {row['reason']}"


def whole(unit: str, row: Mapping[Any, Any], same: Sequence[UUID]) -> str:
    """Return everything about one letter."""
    history = row["history"]
    facts: dict[str, Any] = {
        "unit": unit,
        "id": row["id"],
        "queue": row["queue"],
        "topic": row["topic"],
        "message": row["message_id"] or "without an id",
        "died at": row["died_at"].isoformat(),
        "reason": row["reason"],
        "retries": row["attempts"],
        "replayed": row["replayed_at"].isoformat() if row["replayed_at"] else "no",
        "dropped": row["dropped_at"].isoformat() if row["dropped_at"] else "no",
        "same message": ", ".join(map(str, same)) or "no other letter",
    }
    lines = [f"{name:<13}{value}" for name, value in facts.items()]
    acts = [
        f"{act['at']} {act['kind']} by {act['by']}{': ' if act['reason'] else ''}{act['reason']}"
        for act in history.get("acts", ())
    ]
    ((kind, body),) = readable(row["body"]).items()
    shown = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=1)
    parts = {
        "history": "\n".join(acts) or "nobody has done anything with it",
        "headers": json.dumps(history.get("headers", {}), ensure_ascii=False, indent=1),
        "deaths": json.dumps(history.get("deaths", []), ensure_ascii=False, indent=1),
        f"body ({kind})": shown,
    }
    return "\n".join([*lines, *(f"\n{name}\n{text}" for name, text in parts.items())])
