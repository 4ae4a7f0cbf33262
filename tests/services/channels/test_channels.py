"""Channels: ways in with a key nobody can guess and settings of their own (S014, S022, S056, S057, S066)."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import pytest

from services.channels.domain.channel import PROVIDERS
from shared.contracts.channels import ChannelChanged
from tests.services.asking import Asked

CHANNELS = "/api/v1/channels"
NOBODY = "0190a1b2-0000-7000-8000-000000000001"
FORM = {"kind": "form", "provider": "generic", "name": "Сайт"}
DEFAULTS = {
    "status": "active",
    "lead_source": True,
    "responsible": None,
    "strategy": "everyone",
    "sticky": False,
    "repeat": "attach",
    "mode": None,
    "reason_required": False,
    "connection": {},
    "has_secrets": False,
    "version": 1,
}


@pytest.mark.feature("S022")
async def test_a_channel_needs_kind_provider_and_name_and_the_rest_has_defaults(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM)
    assert found.items() >= {**FORM, **DEFAULTS}.items()
    assert found["number"] > 0
    assert await channels.read(f"{CHANNELS}/{found['id']}") == found


@pytest.mark.feature("S022")
@pytest.mark.feature("S056")
async def test_every_setting_can_be_given_at_once_and_changed_later(channels: Asked) -> None:
    one: dict[str, Any] = {
        "status": "disabled",
        "lead_source": False,
        "responsible": {"type": "employee", "id": str(uuid4())},
        "strategy": "round_robin",
        "sticky": True,
        "repeat": "new_lead",
        "mode": "simple",
        "reason_required": True,
        "connection": {"origin": "https://example.com", "fields": ["a", "б"]},
    }
    other: dict[str, Any] = {
        "status": "active",
        "lead_source": True,
        "responsible": None,
        "strategy": "least_loaded",
        "sticky": False,
        "repeat": "new_deal",
        "mode": None,
        "reason_required": False,
        "connection": {},
    }
    found = await channels.create(CHANNELS, **FORM, **one)
    assert found.items() >= one.items()
    for name, value in other.items():
        changed = await channels.change(f"{CHANNELS}/{found['id']}", **{name: value})
        assert changed[name] == value
    assert changed["version"] == 1 + len(other)
    assert changed.items() >= other.items()


@pytest.mark.feature("S014")
async def test_a_channel_can_be_no_source_of_leads_and_become_one(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM, lead_source=False)
    assert found["lead_source"] is False
    changed = await channels.change(f"{CHANNELS}/{found['id']}", lead_source=True)
    assert changed["lead_source"] is True
    events = await channels.events(ChannelChanged, found["id"])
    assert [event["lead_source"] for event in events] == [False, True]


@pytest.mark.feature("S056")
@pytest.mark.feature("S057")
@pytest.mark.parametrize("kind", ["employee", "role"])
async def test_an_employee_or_a_role_answers_for_a_channel(channels: Asked, kind: str) -> None:
    who = {"type": kind, "id": str(uuid4())}
    found = await channels.create(CHANNELS, **FORM, responsible=who)
    assert found["responsible"] == who
    (event,) = await channels.events(ChannelChanged, found["id"])
    assert event["responsible"] == who


@pytest.mark.feature("S066")
async def test_a_channel_may_demand_a_reason_for_rejection(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM, reason_required=True)
    (event,) = await channels.events(ChannelChanged, found["id"])
    assert (found["reason_required"], event["reason_required"]) == (True, True)


@pytest.mark.parametrize(
    ("kind", "provider"), [(kind, one) for kind, all_ in PROVIDERS.items() for one in all_]
)
async def test_every_kind_has_its_providers_and_its_address(
    channels: Asked, kind: str, provider: str
) -> None:
    found = await channels.create(CHANNELS, kind=kind, provider=provider, name="Канал")
    addresses = {
        "form": f"/hooks/forms/{found['key']}",
        "telephony": f"/hooks/telephony/{found['key']}",
        "vk": f"/hooks/vk/{found['key']}",
        "telegram": f"/hooks/telegram/{found['key']}",
        "chat": f"/chat/{found['key']}/widget.js",
        "bitrix24": f"/rest/1/{found['key']}/",
    }
    expected = f"http://127.0.0.1:8001{addresses[kind]}" if kind in addresses else ""
    assert found["hook_url"] == expected


async def test_a_provider_of_another_kind_is_400_and_the_right_ones_are_named(channels: Asked) -> None:
    answer = await channels.ask("POST", CHANNELS, {**FORM, "provider": "mango"})
    assert (answer.status_code, answer.json()["title"]) == (400, "unknown-provider")
    assert answer.json()["allowed"] == ["generic", "tilda"]


async def test_keys_are_long_random_and_fit_into_an_address(channels: Asked) -> None:
    keys = {(await channels.create(CHANNELS, **FORM))["key"] for _ in range(30)}
    assert len(keys) == 30
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", key) for key in keys)
    places = [{key[place] for key in keys} for place in range(24)]
    assert min(map(len, places)) > 8  # no place is fixed: 18 random bytes


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "fax"},
        {"name": ""},
        {"name": " \t"},
        {"name": "а\x00б"},
        {"name": "а" * 201},
        {"provider": "x" * 41},
        {"strategy": "best"},
        {"repeat": "never"},
        {"mode": "complex"},
        {"responsible": {"type": "team", "id": NOBODY}},
        {"responsible": {"type": "role", "id": "x"}},
        {"responsible": {"type": "role"}},
        {"lead_source": None},
        {"connection": {"a": "\x00"}},
        {"connection": {"a": 2**70}},
        {"connection": {"a": "x" * 40_000}},
        {"connection": []},
        {"secrets": {"a": 5}},
        {"secrets": {"a": "\x00"}},
        {"secrets": {"a": "x" * 40_000}},
        {"key": "mine"},
        {"id": NOBODY},
        {"version": 5},
        {"number": 5},
        {"hook_url": "https://example.com"},
    ],
    ids=lambda changes: str(changes)[:50],
)
async def test_what_does_not_fit_is_400(channels: Asked, changes: dict[str, Any]) -> None:
    answer = await channels.ask("POST", CHANNELS, {**FORM, **changes})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["kind", "provider", "key", "number", "version"])
async def test_what_a_channel_is_cannot_be_changed(channels: Asked, name: str) -> None:
    found = await channels.create(CHANNELS, **FORM)
    answer = await channels.ask("PATCH", f"{CHANNELS}/{found['id']}", {name: found[name]})
    assert answer.status_code == 400


async def test_a_change_needs_the_version_that_was_seen(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM)
    path = f"{CHANNELS}/{found['id']}"
    assert (await channels.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": ""})).status_code == 428
    seen = await channels.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": '"1"'})
    assert (seen.status_code, seen.headers["etag"]) == (200, '"2"')
    stale = await channels.ask("PATCH", path, {"name": "В"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]) == (412, seen.json())
    assert len(await channels.events(ChannelChanged, found["id"])) == 2


async def test_of_many_changes_of_one_version_one_wins(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM)
    path = f"{CHANNELS}/{found['id']}"
    answers = await asyncio.gather(
        *(channels.ask("PATCH", path, {"name": f"№ {n}"}, headers={"If-Match": '"1"'}) for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 9]


async def test_an_unknown_channel_is_404(channels: Asked) -> None:
    assert (await channels.ask("GET", f"{CHANNELS}/{NOBODY}")).json()["title"] == "channel-not-found"
    assert (await channels.ask("PATCH", f"{CHANNELS}/{NOBODY}", {"name": "Б"})).status_code == 404


async def test_channels_are_listed_filtered_and_found(channels: Asked) -> None:
    one = await channels.create(CHANNELS, **{**FORM, "name": "Лендинг на Тильде", "provider": "tilda"})
    two = await channels.create(CHANNELS, kind="manual", provider="manual", name="Вручную", status="disabled")

    async def ids(query: str) -> set[str]:
        return {item["id"] for item in await channels.everything(f"{CHANNELS}?{query}", limit=7)}

    assert {one["id"], two["id"]} <= await ids("sort=-updated_at")
    assert await ids("q=тильде") == {one["id"]}
    assert await ids("kind=manual&status=disabled") == {two["id"]}
    assert await ids(f"ids={one['id']},{two['id']}") == {one["id"], two["id"]}
    assert await ids(f"updated_after={two['updated_at'].replace('+', '%2B')}") == set()
    assert (await channels.ask("GET", f"{CHANNELS}?secrets=1")).status_code == 400
