"""While the broker is away, frozen or blocked, forms are accepted into the spool and reach intake later."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from connectors.forms.connector import CONNECTOR
from shared.contracts.channels import ChannelChanged
from shared.kernel.ids import new_id
from shared.messaging import topology
from shared.messaging.publisher import Publisher
from tests.booting import Boot, Running
from tests.connectors.forms.intake import at_intake
from tests.servers import NewVhost
from tests.shared.messaging.proxy import Proxy, through_proxy
from tests.shared.waiting import eventually

KEY = "a-key-of-a-form"
FAULTS: dict[str, Callable[[Proxy], Awaitable[None]]] = {}


def fault(broken: Callable[[Proxy], Awaitable[None]]) -> Callable[[Proxy], Awaitable[None]]:
    """Name a way in which the broker is not there."""
    FAULTS[broken.__name__] = broken
    return broken


@fault
async def away(proxy: Proxy) -> None:
    """Refuse connections."""
    await proxy.cut()


@fault
async def frozen(proxy: Proxy) -> None:
    """Keep the connections and say nothing."""
    proxy.freeze()


@fault
async def blocked(proxy: Proxy) -> None:
    """Read nothing of what is published, as under an alarm."""
    proxy.deafen()


@asynccontextmanager
async def forms_behind(boot: Boot, proxy: Proxy, amqp_url: str, **settings: str) -> AsyncIterator[Running]:
    """Run a connector that knows one channel and reaches the broker through the proxy."""
    given = {"VORONKA_CHANNELS_URL": "http://127.0.0.1:9", "FORMS_PUBLISH_TIMEOUT_MS": "300", **settings}
    async with boot(CONNECTOR, amqp_url=proxy.url, settings=given) as forms:
        async with Publisher(amqp_url, source="voronka/channels") as publisher:
            await eventually(lambda: publisher.connected)
            await eventually(lambda: _told(publisher, forms))
        yield forms


async def _told(publisher: Publisher, forms: Running) -> bool:
    """Tell of the channel, and say whether the connector has heard of it: it may have begun to listen only now."""
    values: dict[str, Any] = {"channel_id": uuid4(), "version": 1, "number": 1, "kind": "form"}
    event = ChannelChanged(**values, provider="generic", name="Сайт", key=KEY)
    await publisher.publish(event, message_id=new_id(), exchange=topology.EVENTS, timeout=5)
    await asyncio.sleep(0.1)
    return bool(forms.app.channels._known.get(KEY))


async def post(http: httpx2.AsyncClient, forms: Running, number: int) -> httpx2.Response:
    """Post a form of the n-th person."""
    body = {"name": f"Пётр {number}", "phone": f"8900{number:07}"}
    return await http.post(f"{forms.url}/hooks/forms/{KEY}", json=body)


@pytest.mark.feature("B01")
@pytest.mark.parametrize("broken", FAULTS.values(), ids=FAULTS)
async def test_forms_are_accepted_into_the_spool_and_reach_intake_once_the_broker_is_back(
    boot: Boot, fresh_vhost: NewVhost, tmp_path: Path, broken: Callable[[Proxy], Awaitable[None]]
) -> None:
    amqp_url = await fresh_vhost()
    async with (
        through_proxy(amqp_url) as proxy,
        forms_behind(boot, proxy, amqp_url, FORMS_SPOOL_DIR=str(tmp_path)) as forms,
        httpx2.AsyncClient(timeout=20, trust_env=False) as http,
        at_intake(amqp_url) as intake,
    ):
        await broken(proxy)
        answers = [
            await post(http, forms, 0),
            *await asyncio.gather(*(post(http, forms, n) for n in range(1, 30))),
        ]
        assert {answer.status_code for answer in answers} == {202}
        assert (await http.get(f"{forms.url}/readyz")).status_code == 200
        await proxy.heal()
        for answer in answers:
            assert await intake.inquiry(answer.json()["inquiry_id"])
        spool = forms.app.delivery._edge._spool
        await eventually(lambda: spool.is_empty, within_s=20)
        answer = await post(http, forms, 31)
        assert answer.status_code == 202
        assert (await intake.inquiry(answer.json()["inquiry_id"])).sender.name == "Пётр 31"


@pytest.mark.feature("B01")
async def test_while_the_spool_is_filled_nobody_waits_for_the_broker(
    boot: Boot, fresh_vhost: NewVhost, tmp_path: Path
) -> None:
    amqp_url = await fresh_vhost()
    slow = {"FORMS_SPOOL_DIR": str(tmp_path), "FORMS_PUBLISH_TIMEOUT_MS": "2000"}
    async with (
        through_proxy(amqp_url) as proxy,
        forms_behind(boot, proxy, amqp_url, **slow) as forms,
        httpx2.AsyncClient(timeout=20, trust_env=False) as http,
    ):
        proxy.freeze()
        await post(http, forms, 0)
        async with asyncio.timeout(2):
            answers = [await post(http, forms, number) for number in range(1, 20)]
        assert {answer.status_code for answer in answers} == {202}


@pytest.mark.feature("B01")
async def test_what_neither_broker_nor_spool_takes_is_to_come_again(
    boot: Boot, fresh_vhost: NewVhost, tmp_path: Path
) -> None:
    amqp_url = await fresh_vhost()
    async with (
        through_proxy(amqp_url) as proxy,
        forms_behind(boot, proxy, amqp_url, FORMS_SPOOL_DIR=str(tmp_path)) as forms,
        httpx2.AsyncClient(timeout=20, trust_env=False) as http,
    ):
        await proxy.cut()
        forms.app.delivery._edge._spool._limit = 3_000
        answers = [await post(http, forms, number) for number in range(6)]
        codes = [answer.status_code for answer in answers]
        assert codes[0] == 202
        assert codes[-1] == 503
        assert answers[-1].headers["Retry-After"] == "1"
        assert answers[-1].json()["type"] == "urn:voronka:problem:not-accepted"


async def test_what_was_spooled_survives_the_end_of_the_process(
    boot: Boot, fresh_vhost: NewVhost, tmp_path: Path
) -> None:
    amqp_url = await fresh_vhost()
    spool = {"FORMS_SPOOL_DIR": str(tmp_path)}
    async with through_proxy(amqp_url) as proxy, httpx2.AsyncClient(timeout=20, trust_env=False) as http:
        async with forms_behind(boot, proxy, amqp_url, **spool) as forms:
            await proxy.cut()
            answer = await post(http, forms, 1)
            assert answer.status_code == 202
        await proxy.heal()
        async with at_intake(amqp_url) as intake, forms_behind(boot, proxy, amqp_url, **spool):
            assert (await intake.inquiry(answer.json()["inquiry_id"])).sender.name == "Пётр 1"
