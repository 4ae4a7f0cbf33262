"""Every route of channels as each kind of asker, and what its events carry."""

import pytest

from services.channels.service import SERVICE
from shared.contracts.channels import ChannelChanged
from tests.services.asking import ASKERS, Asked, routes

CHANNELS = "/api/v1/channels"
SOMETHING = "0190a1b2-0000-7000-8000-000000000001"
EVERYBODY_IN = {"administrator", "head", "manager", "dispatcher", "unit"}
ROUTES: dict[tuple[str, str], set[str]] = {
    ("GET", CHANNELS): EVERYBODY_IN,
    ("POST", CHANNELS): {"administrator"},
    ("GET", "/api/v1/channels/{channel_id}"): EVERYBODY_IN,
    ("PATCH", "/api/v1/channels/{channel_id}"): {"administrator"},
    ("POST", "/api/v1/channels/{channel_id}/try"): {"administrator"},
    ("GET", "/api/v1/channels/{channel_id}/snippet"): {"administrator"},
    ("GET", "/internal/channels"): {"unit"},
    ("GET", "/internal/channels/by-key/{key}"): {"unit"},
}


def test_every_route_is_in_the_table() -> None:
    assert routes(SERVICE) == set(ROUTES)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_route_is_open_to_whom_it_should_be(
    channels: Asked, method: str, path: str, asker: str
) -> None:
    real = path.format(channel_id=SOMETHING, key="k" * 24)
    body = {"kind": "form", "provider": "mango", "name": "А"} if method == "POST" else {"name": "А"}
    body = {"text": "a=1"} if path.endswith("/try") else body
    answer = await channels.ask(method, real, None if method == "GET" else body, asker=asker)
    if asker in ROUTES[method, path]:
        assert answer.status_code in {200, 400, 404}, answer.text
    else:
        assert answer.status_code == (401 if asker == "nobody" else 403), answer.text


async def test_every_event_carries_the_whole_public_state_and_its_version(channels: Asked) -> None:
    found = await channels.create(CHANNELS, kind="telephony", provider="mango", name="Городской", sticky=True)
    changed = await channels.change(f"{CHANNELS}/{found['id']}", name="Главный", connection={"a": [1]})
    first, second = await channels.events(ChannelChanged, found["id"])
    assert set(first) == set(ChannelChanged.model_fields)
    same = set(first) & set(found)
    assert {name: first[name] for name in same} == {name: found[name] for name in same}
    assert {name: second[name] for name in same} == {name: changed[name] for name in same}
    assert (first["channel_id"], first["version"], second["version"]) == (found["id"], 1, 2)
    assert (first["deleted"], first["secrets"]) == (False, "")
