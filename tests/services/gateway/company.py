"""A company for tests of the gateway: people, leads and what is known of them, as the owners would say it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.http.tokens import Scope
from tests.services.gateway.browser import PASSWORD

Json = dict[str, Any]

ALL_RIGHTS: dict[str, Scope] = {
    f"{target}.{action}": "all"
    for target, actions in {
        "leads": ("read", "take", "assign", "reject", "move"),
        "inquiries": ("read",),
        "channels": ("read",),
    }.items()
    for action in actions
}


@dataclass(slots=True)
class Person:
    """An employee who can log in; `grants` decide what he may do."""

    login: str
    name: str
    password: str = PASSWORD
    grants: dict[str, Scope] = field(default_factory=lambda: dict(ALL_RIGHTS))
    roles: tuple[UUID, ...] = ()
    heads: tuple[UUID, ...] = ()
    language: str = "ru"
    is_active: bool = True
    id: UUID = field(default_factory=uuid4)

    def scoped(self, scope: Scope) -> "Person":
        """Give him this scope for everything about leads."""
        self.grants = {
            name: scope if name.startswith(("leads.", "inquiries.")) else given
            for name, given in self.grants.items()
        }
        return self


def lead(number: int, *, minutes: int = 5, **values: Any) -> Json:
    """Return a lead on the wire that came some minutes ago."""
    came = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
    channel = {"id": str(uuid4()), "name": "Сайт: каталог", "kind": "form"}
    return {
        "id": str(uuid4()),
        "number": number,
        "status": "new",
        "kind": "form",
        "channel_id": channel["id"],
        "channel": channel,
        "name": f"Клиент {number}",
        "phones": [f"+7921447{number:04}"],
        "emails": [],
        "contact_id": None,
        "contact_name": None,
        "deal_id": None,
        "responsible": None,
        "text": "Сколько стоит доставка?",
        "inquiries_count": 1,
        "unread_count": 1,
        "created_at": came,
        "updated_at": came,
        "last_inquiry_at": came,
        "waiting_since": came,
        "claimed_at": None,
        "closed_at": None,
        "first_response_at": None,
        "rejection": None,
        "version": 1,
        **values,
    }


def taken(number: int, person: Person, **values: Any) -> Json:
    """Return a lead that this person has in work since a minute ago."""
    at = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    owner = {"type": "employee", "id": str(person.id), "name": person.name}
    return lead(number, status="in_work", responsible=owner, claimed_at=at, waiting_since=None, **values)


def inquiry(about: Json, **values: Any) -> Json:
    """Return the inquiry that opened a lead."""
    return {
        "id": str(uuid4()),
        "channel_id": about["channel_id"],
        "channel": about["channel"],
        "kind": about["kind"],
        "occurred_at": about["created_at"],
        "received_at": about["created_at"],
        "sender": {"name": about["name"], "phones": about["phones"], "emails": [], "vk_id": None},
        "subject": "",
        "text": about["text"],
        "fields": [{"name": "city", "label": "Город", "value": "Псков"}],
        "utm": {"utm_source": "yandex"},
        "page_url": "https://example.com/catalog",
        "referrer": "",
        "ip": "192.0.2.7",
        "suspected_spam": False,
        "lead_id": about["id"],
        "decision": {"rule": "new", "rule_version": 1, "matched": [], "candidates": []},
        **values,
    }


def by_id(items: Iterable[Json], identity: str) -> Json | None:
    """Return the item with this id."""
    return next((item for item in items if item["id"] == identity), None)
