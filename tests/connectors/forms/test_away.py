"""What a sender is told while channels or the broker are away, and that all of it comes back by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from connectors.forms.connector import CONNECTOR
from deploy.local.ports import free_port
from services.channels.service import SERVICE as CHANNELS
from shared.contracts.channels import ChannelChanged
from shared.kernel.ids import new_id
from shared.messaging import topology
from shared.messaging.publisher import Publisher, message
from tests.booting import Boot, Running
from tests.connectors.forms.intake import at_intake
from tests.databases import TestDatabases
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.shared.messaging.proxy import Proxy
from tests.shared.waiting import eventually

PERSON = {"name": "Пётр", "phone": "89000000001"}
KEY = "a-key-of-a-form"


@dataclass
class Alone:
    """A connector whose channels service does not run yet, behind a proxy to its broker."""

    forms: Running
    proxy: Proxy
    amqp_url: str
    channels_port: int
    http: httpx2.AsyncClient

    async def post(self, key: str = KEY) -> httpx2.Response:
        """Post a form."""
        return await self.http.post(f"{self.forms.url}/hooks/forms/{key}", json=PERSON)

    async def tell(self, **values: Any) -> None:
        """Publish an event of channels."""
        given = {"version": 1, "number": 1, "kind": "form", "provider": "generic", "name": "Сайт", "key": KEY}
        async with Publisher(self.amqp_url, source="voronka/channels") as publisher:
            await eventually(lambda: publisher.connected)
            event = ChannelChanged(**{"channel_id": uuid4(), **given, **values})
            await publisher.publish(event, message_id=new_id(), exchange=topology.EVENTS, timeout=5)


@pytest.fixture
async def alone(boot: Boot, fresh_vhost: NewVhost) -> AsyncIterator[Alone]:
    """Yield a connector that is alone."""
    amqp_url = await fresh_vhost()
    proxy, port = Proxy(amqp_url), free_port()
    await proxy.heal()
    settings = {"VORONKA_CHANNELS_URL": f"http://127.0.0.1:{port}", "FORMS_PUBLISH_TIMEOUT_MS": "300"}
    async with (
        boot(CONNECTOR, amqp_url=proxy.url, settings=settings) as forms,
        httpx2.AsyncClient(timeout=20, trust_env=False) as http,
    ):
        yield Alone(forms, proxy, amqp_url, port, http)
    await proxy.cut()


async def test_a_key_that_nobody_can_vouch_for_is_to_come_again(alone: Alone) -> None:
    answer = await alone.post()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["type"] == "urn:voronka:problem:channels-away"


@pytest.mark.feature("B01")
async def test_a_known_channel_is_served_while_channels_is_away(alone: Alone) -> None:
    await alone.tell()
    await eventually(lambda: len(alone.forms.app.channels._known))
    async with at_intake(alone.amqp_url) as intake:
        answer = await alone.post()
        assert answer.status_code == 202
        assert (await intake.inquiry(answer.json()["inquiry_id"])).sender.name == "Пётр"


async def test_unreadable_and_foreign_events_do_no_harm(alone: Alone) -> None:
    async with Publisher(alone.amqp_url, source="voronka/channels") as publisher:
        await eventually(lambda: publisher.connected)
        for body in (b"{", b"[]", b'{"data":{}}', b"\xff"):
            item = message(body, message_id=new_id(), topic=ChannelChanged.topic)
            await publisher.send(
                item, exchange=topology.EVENTS, routing_key=ChannelChanged.topic, mandatory=False
            )
    await alone.tell(kind="vk", provider="vk", key="another-key-here")
    await alone.tell()
    await eventually(lambda: len(alone.forms.app.channels._known) == 1)
    assert len(alone.forms.app.channels._known) == 1


@pytest.mark.feature("B01")
@pytest.mark.parametrize("fault", ["cut", "freeze"])
async def test_without_the_brokers_word_nothing_is_accepted_and_everything_comes_back(
    alone: Alone, fault: str
) -> None:
    await alone.tell()
    await eventually(lambda: len(alone.forms.app.channels._known))
    if fault == "cut":
        await alone.proxy.cut()
    else:
        alone.proxy.freeze()
    answer = await alone.post()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["type"] == "urn:voronka:problem:not-accepted"
    ready = await alone.http.get(f"{alone.forms.url}/livez")
    assert ready.status_code == 200
    await alone.proxy.heal()

    async def accepted() -> bool:
        return (await alone.post()).status_code == 202

    assert await eventually(accepted, within_s=20)


async def test_what_changed_while_the_broker_was_away_is_read_from_channels(
    alone: Alone, boot: Boot, databases: TestDatabases, keys: TestKeys
) -> None:
    database = await databases.fresh(CHANNELS)
    port = {"CHANNELS_HTTP_PORT": str(alone.channels_port)}
    async with boot(CHANNELS, database=database, amqp_url=alone.amqp_url, settings=port) as channels:
        known = alone.forms.app.channels._known
        await alone.proxy.cut()
        manager = keys.employee(uuid4(), grants={"channels.edit": "all"})
        body = {"kind": "form", "provider": "generic", "name": "Сайт"}
        made = await alone.http.post(f"{channels.url}/api/v1/channels", json=body, headers=manager)
        await alone.proxy.heal()
        found = await eventually(lambda: known.get(made.json()["key"]), within_s=15)
        assert found.provider == "generic"
    await databases.drop(database.name)
