"""Closing a connection takes no longer than promised, whatever the other end does."""

import asyncio
import time
from typing import cast
from uuid import uuid4

import pytest
from aiormq.channel import Channel

from shared.messaging.connection import close, open_connection
from shared.messaging.line import BreakableConnection, is_stuck
from shared.messaging.pipeline import Event, publish_wave
from shared.messaging.publisher import Publisher
from tests.shared.messaging.proxy import Proxy, through_proxy
from tests.shared.waiting import eventually


def events(count: int = 120) -> list[Event]:
    """Return more than a line takes that nobody reads."""
    return [Event("amq.topic", "a", str(uuid4()), bytes(90_000)) for _ in range(count)]


async def unread(proxy: Proxy) -> BreakableConnection:
    """Return a connection whose last bytes cannot leave."""
    found = await open_connection(proxy.url, name="tests")
    assert isinstance(found, BreakableConnection)
    channel = cast("Channel", await (await found.channel()).get_underlay_channel())
    proxy.deafen()
    assert not any(await publish_wave(channel, events(), within_s=0.3))
    assert found.unsent
    return found


async def test_a_connection_with_unread_bytes_is_broken_off_after_two_seconds(amqp_url: str) -> None:
    async with through_proxy(amqp_url) as proxy:
        found = await unread(proxy)
        assert await is_stuck(found)
        started = time.monotonic()
        await asyncio.wait_for(close(found), 10)
        assert 1.5 < time.monotonic() - started < 2.8
        assert found.is_closed
        assert not found.unsent


async def test_a_cancelled_close_breaks_the_connection_off_at_once(amqp_url: str) -> None:
    async with through_proxy(amqp_url) as proxy:
        found = await unread(proxy)
        closing = asyncio.ensure_future(close(found))
        await asyncio.sleep(0.05)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(closing, 1)
        await eventually(lambda: found.is_closed, within_s=2)


async def test_a_publisher_ends_in_time_while_the_broker_does_not_read(amqp_url: str) -> None:
    async with through_proxy(amqp_url) as proxy:
        publisher = Publisher(proxy.url, source="voronka/trial")
        await publisher.__aenter__()
        await eventually(lambda: publisher.connected)
        proxy.freeze()
        sending = asyncio.ensure_future(publisher.send_events(events(), within_s=30))
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await asyncio.wait_for(publisher.__aexit__(), 10)
        assert time.monotonic() - started < 3
        await asyncio.wait({sending}, timeout=1)
        assert sending.done()
        sending.exception()


async def test_an_idle_connection_closes_politely(amqp_url: str) -> None:
    found = await open_connection(amqp_url, name="tests")
    started = time.monotonic()
    await close(found)
    assert time.monotonic() - started < 1
    assert found.is_closed
