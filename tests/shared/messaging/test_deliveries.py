"""Deliveries cut out of the line: the same ones however the bytes arrive, and nothing else is touched."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pamqp import body, commands, frame, header, heartbeat

from shared.messaging.deliveries import Delivery, TappedReader
from shared.messaging.publisher import Publisher
from tests.shared.messaging.test_batch import Batches, batching
from tests.shared.messaging.trial import Trial
from tests.shared.waiting import eventually

OTHERS = frame.marshal(commands.Basic.Ack(7, multiple=True), 2) + frame.marshal(heartbeat.Heartbeat(), 0)
OWN = frame.marshal(commands.Basic.QosOk(), 1)


def laid_out(tag: int, content: bytes, *, piece: int, redelivered: bool = False) -> bytes:
    """Return a delivery on channel 1 as a broker sends it, its body in pieces."""
    method = commands.Basic.Deliver("a consumer", tag, redelivered, "", "a queue")
    properties = commands.Basic.Properties(
        content_type="text/plain",
        message_id=f"id-{tag}",
        message_type="a.topic",
        headers={"x-delivery-count": tag},
    )
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    return b"".join(
        [
            frame.marshal(method, 1),
            frame.marshal(header.ContentHeader(0, len(content), properties), 1),
            *(frame.marshal(body.ContentBody(part), 1) for part in pieces),
        ]
    )


class Line:
    """A tapped reader that remembers what it gave to whom."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.reader = TappedReader(self.loop)
        self.taken: list[list[Delivery]] = []
        self.reader.tap(cast("Any", SimpleNamespace(number=1)), self.taken.append)

    def feed(self, data: bytes, sizes: list[int]) -> bytes:
        """Feed bytes in pieces of these sizes, the rest at once; return what the library would read."""
        for size in sizes:
            if data:
                self.reader.feed_data(data[:size])
                data = data[size:]
        if data:
            self.reader.feed_data(data)
        self.reader.feed_eof()
        try:
            return self.loop.run_until_complete(self.reader.read())
        finally:
            self.loop.close()


@given(
    contents=st.lists(st.binary(max_size=40), max_size=6),
    piece=st.integers(1, 50),
    sizes=st.lists(st.integers(1, 60), max_size=60),
)
def test_the_same_deliveries_come_out_however_the_bytes_arrive(
    contents: list[bytes], piece: int, sizes: list[int]
) -> None:
    line = Line()
    data = b"".join(OWN + laid_out(tag, item, piece=piece) + OTHERS for tag, item in enumerate(contents, 1))
    rest = line.feed(data, sizes)
    taken = [delivery for deliveries in line.taken for delivery in deliveries]
    assert [(item.tag, item.body) for item in taken] == list(enumerate(contents, 1))
    alive = frame.marshal(heartbeat.Heartbeat(), 0)
    assert rest.replace(alive, b"") == ((OWN + OTHERS) * len(contents)).replace(alive, b"")


def test_what_arrives_at_once_is_given_at_once_with_its_properties() -> None:
    line = Line()
    line.feed(laid_out(1, b"one", piece=9) + laid_out(2, b"two", piece=9, redelivered=True), [])
    (both,) = line.taken
    assert [(item.redelivered, item.message_id, item.type, item.content_type) for item in both] == [
        (False, "id-1", "a.topic", "text/plain"),
        (True, "id-2", "a.topic", "text/plain"),
    ]
    assert both[1].headers == {"x-delivery-count": 2}


def test_the_library_sees_that_a_line_which_only_delivers_is_alive() -> None:
    line = Line()
    assert line.feed(laid_out(1, b"one", piece=9), []) == frame.marshal(heartbeat.Heartbeat(), 0)


@pytest.mark.parametrize("greeting", [b"AMQP\x00\x00\x09\x01", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_is_no_frame_is_left_to_the_library(greeting: bytes) -> None:
    line = Line()
    assert line.feed(greeting, []) == greeting
    assert not line.taken


async def test_a_message_larger_than_a_frame_arrives_whole(trial: Trial, publisher: Publisher) -> None:
    handler, long = Batches(), "длинный текст " * 40_000
    async with batching(trial, publisher, handler):
        await trial.say(publisher, "before", long, "after")
        await eventually(lambda: len(handler.done) == 3)
    assert handler.done == ["before", long, "after"]
