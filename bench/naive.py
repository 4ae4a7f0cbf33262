"""The tutorial pattern, for comparison: one FastStream subscriber, one ORM session, one transaction per message.

`python -m bench.naive <amqp_url> <database_url>` consumes its queue until it is ended. It does the same job as intake:
drops repeats, finds the contact and the open lead by the phone, opens or grows a lead, keeps the raw bytes and the
decision, and tells of it with an event. Who gets a lead is drawn by lot: a counter in a row, as a fair turn would need
it, would make all of its transactions wait for each other.
"""

import asyncio
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

import uvloop
from faststream.rabbit import Channel, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.rabbit.schemas.constants import ExchangeType
from faststream.rabbit.schemas.queue import QueueType
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.naive_tables import Base, Contact, Decision, Inquiry, Lead, Member
from shared.contracts.inquiries import InquiryReceived
from shared.kernel.contact_points import point

QUEUE = RabbitQueue("naive.intake", queue_type=QueueType.QUORUM)
EVENTS = RabbitExchange("naive.events", type=ExchangeType.TOPIC)


async def take_in(session: AsyncSession, received: InquiryReceived) -> Lead | None:
    """Store one inquiry; None when it was there already."""
    if await session.get(Inquiry, received.inquiry_id):
        return None
    phones = [found for value in received.sender.phones if (found := point("phone", value))]
    keys = [item.key for item in phones]
    contact = await session.scalar(select(Contact).where(Contact.phone.in_(keys)))
    lead = await session.scalar(
        select(Lead).where(Lead.phone.in_(keys), Lead.status == "new").with_for_update()
    )
    rule = "same_key" if lead else "known_contact" if contact else "new"
    if lead is None:
        member = await session.scalar(select(Member).order_by(func.random()).limit(1).with_for_update())
        lead = Lead(
            id=uuid4(),
            status="new",
            name=contact.name if contact else received.sender.name,
            phone=keys[0] if keys else "",
            contact_id=contact.id if contact else None,
            responsible_id=member.id if member else None,
            created_at=received.received_at,
            inquiries_count=0,
        )
        session.add(lead)
    lead.inquiries_count += 1
    lead.last_inquiry_at = received.received_at
    session.add(
        Inquiry(
            id=received.inquiry_id,
            lead_id=lead.id,
            text=received.text,
            content=received.model_dump(mode="json", exclude={"raw"}),
            raw=received.raw.model_dump(mode="json"),
            stored_at=datetime.now(UTC),
        )
    )
    session.add(Decision(id=uuid4(), inquiry_id=received.inquiry_id, rule=rule, body={"matched": keys}))
    return lead


async def main(amqp_url: str, database_url: str) -> None:
    """Consume until ended."""
    engine = create_async_engine(
        database_url.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=10
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    broker = RabbitBroker(amqp_url, logger=None)

    @broker.subscriber(QUEUE, channel=Channel(prefetch_count=20))
    async def handle(received: InquiryReceived) -> None:
        async with sessions() as session:
            async with session.begin():
                lead = await take_in(session, received)
            if lead is not None:
                event = {"lead_id": str(lead.id), "inquiry_id": str(received.inquiry_id)}
                await broker.publish(event, exchange=EVENTS, routing_key="naive.lead-changed", persist=True)

    await broker.start()
    await asyncio.Event().wait()


async def prepare(owner_url: str, *, contacts: int, employees: int, first: int) -> None:
    """Make the tables anew, with the same contacts as the product's."""
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
        numbers = func.generate_series(0, contacts - 1).column_valued("n")
        rows = select(
            func.gen_random_uuid(), func.concat("Контакт ", numbers), func.concat("", first + numbers)
        )
        await connection.execute(Contact.__table__.insert().from_select(["id", "name", "phone"], rows))  # type: ignore[attr-defined]
        people = [{"id": UUID(int=number + 1)} for number in range(employees)]
        await connection.execute(Member.__table__.insert(), people)  # type: ignore[attr-defined]
        await connection.execute(text("analyze"))
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
