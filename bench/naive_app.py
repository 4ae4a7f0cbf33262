"""The tutorial pattern at the edge: a FastAPI route that publishes with FastStream.

`uvicorn --factory bench.naive_app:app` with `NAIVE_AMQP_URL`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from fastapi import FastAPI
from faststream.rabbit import RabbitBroker
from pydantic import BaseModel

from bench.backlog import CHANNEL
from bench.naive import QUEUE
from shared.contracts.inquiries import InquiryReceived, Raw, Sender
from shared.kernel.clock import utc_now


class Form(BaseModel):
    """What a visitor fills in."""

    name: str = ""
    phone: str = ""
    comment: str = ""
    utm_source: str = ""
    page: str = ""


class Accepted(BaseModel):
    """The answer."""

    inquiry_id: UUID


def app() -> FastAPI:
    """Return the application."""
    broker = RabbitBroker(os.environ["NAIVE_AMQP_URL"], logger=None)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await broker.start()
        yield
        await broker.stop()

    found = FastAPI(lifespan=lifespan)

    @found.get("/readyz")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    @found.post("/form", status_code=202)
    async def accept(form: Form) -> Accepted:
        now = utc_now()
        received = InquiryReceived(
            inquiry_id=uuid4(),
            channel_id=CHANNEL,
            kind="form",
            external_id="naive",
            occurred_at=now,
            received_at=now,
            sender=Sender(name=form.name, phones=(form.phone,)),
            text=form.comment,
            utm={"utm_source": form.utm_source},
            page_url=form.page,
            raw=Raw(content_type="application/json", text=form.model_dump_json()),
        )
        await broker.publish(received, QUEUE, persist=True)
        return Accepted(inquiry_id=received.inquiry_id)

    return found
