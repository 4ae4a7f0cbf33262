"""The test's place at the end of the intake queue: what the broker really got, by the id of the inquiry."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from aio_pika.abc import AbstractIncomingMessage

from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import InquiryReceived
from shared.messaging.connection import close, connect
from tests.shared.waiting import eventually

QUEUE = "leads.intake"


@dataclass
class Intake:
    """Messages of the intake queue, taken as they come."""

    messages: dict[UUID, list[AbstractIncomingMessage]] = field(default_factory=lambda: defaultdict(list))

    async def hear(self, message: AbstractIncomingMessage) -> None:
        """Keep a message under the id of its inquiry."""
        self.messages[UUID(orjson.loads(message.body)["data"]["inquiry_id"])].append(message)

    async def message(self, inquiry_id: str) -> AbstractIncomingMessage:
        """Return the first message of the inquiry, waiting for it."""
        return (await eventually(lambda: self.messages.get(UUID(inquiry_id), [])))[0]

    async def envelope(self, inquiry_id: str) -> Envelope[InquiryReceived]:
        """Return the first message of the inquiry as what it says."""
        message = await self.message(inquiry_id)
        return Envelope[InquiryReceived].model_validate(orjson.loads(message.body))

    async def inquiry(self, inquiry_id: str) -> InquiryReceived:
        """Return the inquiry."""
        return (await self.envelope(inquiry_id)).data


@asynccontextmanager
async def at_intake(amqp_url: str) -> AsyncIterator[Intake]:
    """Consume the intake queue of a virtual host until the block ends."""
    connection = await connect(amqp_url, name="tests.intake")
    intake = Intake()
    try:
        channel = await connection.channel()
        queue = await channel.get_queue(QUEUE, ensure=False)
        await queue.consume(intake.hear, no_ack=True)
        yield intake
    finally:
        await asyncio.sleep(0)
        await close(connection)
