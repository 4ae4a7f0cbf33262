"""Dead letters and the quarantine as their owners would tell of them."""

from typing import Any
from uuid import uuid4

from fastapi.responses import JSONResponse

from tests.services.gateway.company import Json
from tests.services.gateway.owners import Owners

LETTERS, QUARANTINE = "/api/v1/dead-letters", "/api/v1/quarantine"
PAGE, EVENTS = "/settings/dead-letters", "/settings/quarantine"


def letter(**values: Any) -> Json:
    """Return a dead letter on the wire."""
    return {
        "id": str(uuid4()),
        "queue": "leads.contacts.contact-changed.v1",
        "topic": "contacts.contact-changed.v1",
        "message_id": str(uuid4()),
        "reason": "ValidationError: data.name: missing",
        "attempts": 5,
        "died_at": "2026-05-01T09:00:00+00:00",
        "state": "waiting",
        "queue_gone": False,
        "replayed_at": None,
        "dropped_at": None,
        "size": 10,
        "body": {"json": {"name": "Фёдор <b>"}},
        "headers": {"x-attempt": 5},
        "deaths": [],
        "acts": [],
        "same_message": [],
        **values,
    }


def event(**values: Any) -> Json:
    """Return something in quarantine on the wire."""
    return {
        "id": str(uuid4()),
        "unit": "forms",
        "channel_id": str(uuid4()),
        "channel": {"id": str(uuid4()), "name": "Сайт: каталог", "kind": "form"},
        "received_at": "2026-05-01T09:00:00+00:00",
        "reason": "KeyError at connectors.forms.reading:1",
        "attempts": 2,
        "content_type": "application/json",
        "state": "new",
        "external_id": "e",
        "headers": {"referer": "https://example.com/"},
        "ip": "203.0.113.7",
        "text": '{"phone": "1"}',
        "acts": [],
        **values,
    }


def say(owners: Owners, address: str, *items: Json, more: str | None = None) -> None:
    """Let the owners answer with these."""
    owners.refuse[address] = JSONResponse({"items": list(items), "next_cursor": more})
    owners.refuse[f"{address}/count"] = JSONResponse({"count": len(items)})
    for item in items:
        owners.refuse[f"{address}/{item['id']}"] = JSONResponse(item)
