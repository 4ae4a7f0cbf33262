"""Waves of events: laid out as the wire wants it, confirmed one by one, told apart when some are not."""

import asyncio
from typing import cast
from uuid import uuid4

import aio_pika
import pytest
from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from hypothesis import given
from hypothesis import strategies as st
from pamqp import commands, frame, header
from pamqp.body import ContentBody
from pamqp.common import FieldTable
from pamqp.heartbeat import Heartbeat

from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging.pipeline import LARGEST_WRITE, Event, frames, publish_wave
from tests.servers import NewVhost
from tests.shared.messaging.proxy import through_proxy

_shorts = st.from_regex(r"[a-zA-Z0-9.:_-]{1,100}", fullmatch=True)


@given(
    exchange=_shorts, topic=_shorts, body=st.binary(min_size=1, max_size=2_000), channel=st.integers(1, 2_000)
)
def test_frames_are_those_that_the_library_would_send(
    exchange: str, topic: str, body: bytes, channel: int
) -> None:
    event = Event(exchange, topic, str(uuid4()), body)
    properties = commands.Basic.Properties(
        content_type=CONTENT_TYPE, delivery_mode=2, message_id=event.message_id, message_type=topic
    )
    expected = (
        commands.Basic.Publish(exchange=exchange, routing_key=topic),
        header.ContentHeader(0, len(body), properties),
        ContentBody(body),
    )
    assert frames(event, channel) == b"".join(frame.marshal(item, channel) for item in expected)


async def test_a_wave_arrives_whole_and_in_order(fresh_vhost: NewVhost) -> None:
    async with await aio_pika.connect(await fresh_vhost()) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.declare_exchange("waves", "topic")
        queue = await channel.declare_queue("waves", durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(exchange, "#")
        events = [Event("waves", "a.b", str(uuid4()), f"{number}".encode()) for number in range(300)]
        underlay = await channel.get_underlay_channel()
        assert await publish_wave(underlay, events, within_s=5) == [True] * 300  # type: ignore[arg-type]
        await channel.default_exchange.publish(aio_pika.Message(b"last"), "waves")
        arrived = [await queue.get(no_ack=True) for _ in range(301)]
        assert [item.body for item in arrived] == [*(event.body for event in events), b"last"]
        assert arrived[0].message_id == events[0].message_id
        assert (arrived[0].type, arrived[0].content_type) == ("a.b", CONTENT_TYPE)
        assert arrived[0].delivery_mode == aio_pika.DeliveryMode.PERSISTENT


@pytest.mark.parametrize("limit", [1])
async def test_what_a_full_queue_refuses_is_told_apart(fresh_vhost: NewVhost, limit: int) -> None:
    async with await aio_pika.connect(await fresh_vhost()) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.declare_exchange("narrow", "topic")
        full: FieldTable = {"x-max-length": limit, "x-overflow": "reject-publish"}
        queue = await channel.declare_queue("narrow", arguments=full)
        await queue.bind(exchange, "full")
        events = [
            Event("narrow", topic, str(uuid4()), b"x") for topic in ("full", "free", "full", "free", "full")
        ]
        underlay = await channel.get_underlay_channel()
        confirmed = await publish_wave(underlay, events, within_s=5)  # type: ignore[arg-type]
        assert confirmed[1] is confirmed[3] is True
        assert confirmed[4] is False


async def test_a_wave_is_written_in_parts_of_limited_size(amqp_url: str) -> None:
    events = [Event("amq.topic", "a", str(uuid4()), bytes(90_000)) for _ in range(30)]
    async with await aio_pika.connect(amqp_url) as connection:
        underlay = cast("Channel", await (await connection.channel()).get_underlay_channel())
        sizes: list[int] = []
        put = underlay.write_queue.put

        async def note(item: ChannelFrame) -> None:
            sizes.append(len(item.payload))
            await put(item)

        underlay.write_queue.put = note  # type: ignore[method-assign]
        assert await publish_wave(underlay, events, within_s=5) == [True] * 30
    assert len(sizes) == 3
    assert max(sizes) <= LARGEST_WRITE


@pytest.mark.parametrize("by_cancelling", [True, False])
async def test_what_never_got_into_the_queue_leaves_the_tags_as_they_were(
    amqp_url: str, *, by_cancelling: bool
) -> None:
    events = [Event("amq.topic", "a", str(uuid4()), b"x") for _ in range(5)]
    async with through_proxy(amqp_url) as proxy, await aio_pika.connect(proxy.url) as connection:
        underlay = cast("Channel", await (await connection.channel()).get_underlay_channel())
        assert await publish_wave(underlay, events, within_s=5) == [True] * 5
        proxy.deafen()
        great = ChannelFrame(
            frame.marshal(Heartbeat(), 0) * 1_000_000,
            should_close=False,
            drain_future=underlay.create_future(),
        )
        for _ in range(underlay.write_queue.maxsize + 1):  # until the writer waits and its queue is full
            await underlay.write_queue.put(great)
        publishing = asyncio.ensure_future(publish_wave(underlay, events, within_s=0.2))
        if by_cancelling:
            await asyncio.sleep(0.05)
            publishing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await publishing
        else:
            assert await asyncio.wait_for(publishing, 2) == [False] * 5
        assert (underlay.delivery_tag, len(underlay.confirmations)) == (5, 0)
        await proxy.heal()
        assert await publish_wave(underlay, events, within_s=8) == [True] * 5


async def test_what_was_written_but_not_confirmed_in_time_is_in_doubt_and_counted(amqp_url: str) -> None:
    events = [Event("amq.topic", "a", str(uuid4()), bytes(99_000)) for _ in range(200)]
    async with through_proxy(amqp_url) as proxy, await aio_pika.connect(proxy.url) as connection:
        underlay = cast("Channel", await (await connection.channel()).get_underlay_channel())
        proxy.deafen()
        assert await asyncio.wait_for(publish_wave(underlay, events, within_s=0.3), 2) == [False] * 200
        assert 0 < underlay.delivery_tag < 200
        await proxy.heal()
        assert await publish_wave(underlay, events[:7], within_s=8) == [True] * 7
