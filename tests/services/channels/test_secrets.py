"""Secrets of channels: write-only, ciphertext at rest and on the wire, opened only with the key ring."""

from uuid import uuid4

import orjson
import pytest

from services.channels.bootstrap import Channels
from shared.contracts.channels import ChannelChanged
from shared.kernel.sealing import SealingKeys
from tests.services.asking import Asked

CHANNELS = "/api/v1/channels"
FORM = {"kind": "form", "provider": "generic", "name": "Сайт"}
MARKER = "MARKER-secret-4711"


async def test_a_secret_is_never_in_an_answer_the_log_or_the_outbox(
    channels: Asked, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = [await channels.ask("POST", CHANNELS, {**FORM, "secrets": {"token": MARKER}})]
    path = f"{CHANNELS}/{answers[0].json()['id']}"
    answers += [
        await channels.ask("GET", path),
        await channels.ask("GET", CHANNELS),
        await channels.ask("PATCH", path, {"secrets": {"token": f"{MARKER}-2"}}),
        await channels.ask("PATCH", path, {"secrets": {"token": MARKER}}, headers={"If-Match": '"99"'}),
        await channels.ask("PATCH", path, {"secrets": {"token": [MARKER]}}),
        await channels.ask("PATCH", path, {"name": "", "secrets": {"token": MARKER}}),
        await channels.ask("POST", CHANNELS, {**FORM, "provider": "mango", "secrets": {"token": MARKER}}),
        await channels.ask("GET", "/internal/channels", asker="unit"),
        await channels.ask("GET", f"/internal/channels/by-key/{answers[0].json()['key']}", asker="unit"),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 412, 400, 400, 400, 200, 200]
    assert answers[0].json()["has_secrets"] is True
    for answer in answers:
        assert MARKER not in answer.text
    stored = str([bytes(row["body"]) for row in await channels.rows("select body from outbox")])
    stored += str(await channels.rows("select * from channels"))
    assert MARKER not in stored
    log = capfd.readouterr()
    assert MARKER not in log.out + log.err


async def test_people_do_not_even_see_the_ciphertext(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM, secrets={"token": MARKER})
    path = f"{CHANNELS}/{found['id']}"
    stale = await channels.ask("PATCH", path, {"name": "Б"}, headers={"If-Match": '"9"'})
    for shown in (
        found,
        await channels.read(path),
        stale.json()["current"],
        (await channels.read(CHANNELS))["items"][-1],
    ):
        assert "secrets" not in shown
        assert shown["has_secrets"] is True


async def test_a_connector_gets_the_ciphertext_and_opens_it_with_the_ring(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM, secrets={"token": MARKER, "пароль": "ы"})
    answer = await channels.ask("GET", f"/internal/channels/by-key/{found['key']}", asker="unit")
    (event,) = await channels.events(ChannelChanged, found["id"])
    ring = SealingKeys.parse(channels.keys.secrets)
    for sealed in (answer.json()["secrets"], event["secrets"]):
        assert orjson.loads(ring.open(sealed, purpose="channel")) == {"token": MARKER, "пароль": "ы"}


async def test_secrets_stay_when_others_change_and_go_when_they_are_emptied(channels: Asked) -> None:
    found = await channels.create(CHANNELS, **FORM, secrets={"token": MARKER})
    path = f"{CHANNELS}/{found['id']}"
    assert (await channels.change(path, name="Б"))["has_secrets"] is True
    assert (await channels.change(path, secrets=None))["has_secrets"] is True
    assert (await channels.change(path, secrets={}))["has_secrets"] is False
    assert (await channels.events(ChannelChanged, found["id"]))[-1]["secrets"] == ""


async def test_the_composed_application_does_not_show_its_keys(channels: Asked) -> None:
    app: Channels = channels.running.app
    for key in channels.keys.secrets.split(","):
        assert key.partition(":")[2] not in repr(app)
        assert key.partition(":")[2] not in repr(channels.running.settings)


@pytest.mark.parametrize("key", ["short", "x" * 65, "%00" * 10, "й" * 10, "..%2F..%2Fx", str(uuid4())])
async def test_an_unknown_key_is_404(channels: Asked, key: str) -> None:
    answer = await channels.ask("GET", f"/internal/channels/by-key/{key}", asker="unit")
    assert answer.status_code == 404


async def test_a_connector_rebuilds_its_copy_by_paging(channels: Asked) -> None:
    made = {(await channels.create(CHANNELS, **FORM))["id"] for _ in range(5)}
    found: list[str] = []
    cursor = ""
    while True:
        mark = f"&cursor={cursor}" if cursor else ""
        page = (await channels.ask("GET", f"/internal/channels?limit=2{mark}", asker="unit")).json()
        found += [item["id"] for item in page["items"]]
        assert all("secrets" in item for item in page["items"])
        if not (cursor := page["next_cursor"]):
            break
    assert len(found) == len(set(found))
    assert made <= set(found)
