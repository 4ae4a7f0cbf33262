"""The forms connector beside a real channels service, over a virtual host that nobody else uses."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from connectors.forms.connector import CONNECTOR
from deploy.local.ports import LOOPBACK, free_port
from services.channels.service import SERVICE as CHANNELS
from tests.booting import Boot
from tests.connectors.forms.intake import at_intake
from tests.connectors.forms.site import Site
from tests.databases import TestDatabases
from tests.keys import TestKeys
from tests.servers import NewVhost


@pytest.fixture(scope="package")
async def site(
    databases: TestDatabases, boot: Boot, keys: TestKeys, fresh_vhost: NewVhost
) -> AsyncIterator[Site]:
    """Yield a running connector with everything that it needs."""
    amqp_url = await fresh_vhost()
    database = await databases.fresh(CHANNELS)
    port = free_port()
    told = {"CHANNELS_FORMS_URL": f"http://{LOOPBACK}:{port}"}
    async with boot(CHANNELS, database=database, amqp_url=amqp_url, settings=told) as channels:
        settings = {
            "VORONKA_CHANNELS_URL": channels.url,
            "VORONKA_TRUSTED_PROXIES": LOOPBACK,
            "VORONKA_HOOKS_URL": "https://hooks.example",
            "FORMS_HTTP_PORT": str(port),
            "FORMS_PUBLISH_TIMEOUT_MS": "15000",  # senders and receiver share its loop: it may read a confirm late
        }
        async with (
            boot(CONNECTOR, amqp_url=amqp_url, settings=settings) as forms,
            at_intake(amqp_url) as intake,
            httpx2.AsyncClient(timeout=20, trust_env=False) as http,
        ):
            yield Site(forms, channels, intake, keys, http)
    await databases.drop(database.name)


@pytest.fixture(scope="package")
async def channel(site: Site) -> dict[str, Any]:
    """Return a form channel with default settings."""
    return await site.open_channel()
