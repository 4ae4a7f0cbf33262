"""The intake queue: from the body of a message to an inquiry that the rules understand, in batches."""

from collections.abc import Sequence

import orjson

from services.leads.application.commands.take_in_inquiries import take_in_inquiries
from services.leads.bootstrap import Leads
from services.leads.domain.inquiry import Incoming, Key
from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import InquiryReceived
from shared.kernel.contact_points import Point, point
from shared.messaging.batch import BatchSubscriber
from shared.runtime.declaration import Resources

INTAKE_QUEUE = "leads.intake"

_Envelope = Envelope[InquiryReceived]


async def take_in(app: Leads, resources: Resources) -> None:
    """Take in whatever arrives in the intake queue until cancelled; each batch is one transaction."""

    async def handle(batch: Sequence[Incoming]) -> None:
        await take_in_inquiries(batch, app.intake, app.clock)
        if resources.relay is not None:
            resources.relay.wake()

    settings = resources.settings
    subscriber = BatchSubscriber(
        settings.amqp_url,
        INTAKE_QUEUE,
        resources.publisher,
        decode=decode,
        handle=handle,
        suspects=app.suspects,
        size=settings.batch_size,
    )
    await subscriber.run()


def decode(body: bytes) -> Incoming:
    """Return the inquiry of a message body; ValueError when it is not one."""
    attributes = orjson.loads(body)
    envelope = _Envelope.model_validate(attributes)
    data = envelope.data
    sender = data.sender
    phones = [item for value in sender.phones if (item := point("phone", value))]
    emails = [item for value in sender.emails if (item := point("email", value))]
    return Incoming(
        id=data.inquiry_id,
        channel_id=data.channel_id,
        kind=data.kind,
        external_id=data.external_id,
        occurred_at=data.occurred_at,
        received_at=data.received_at,
        keys=_keys(phones, emails, data),
        name=sender.name,
        phones=tuple(item.value for item in phones),
        emails=tuple(item.value for item in emails),
        text=data.text,
        suspected_spam=data.suspected_spam,
        content=_content(data),
        raw_type=data.raw.content_type,
        raw=_json(data.raw.model_dump(exclude_none=True)),
        traceparent=envelope.traceparent,
    )


def _content(data: InquiryReceived) -> str:
    sender = data.sender
    return _json(
        {
            "sender": {
                "name": sender.name,
                "phones": sender.phones,
                "emails": sender.emails,
                "vk_id": sender.vk_id,
                "telegram_id": sender.telegram_id,
            },
            "subject": data.subject,
            "fields": [
                {"name": field.name, "label": field.label, "value": field.value} for field in data.fields
            ],
            "utm": data.utm,
            "page_url": data.page_url,
            "referrer": data.referrer,
            "ip": data.ip,
            "user_agent": data.user_agent,
            "text_key": data.text_key,
            "suspected_spam": data.suspected_spam,
            "spam_reasons": data.spam_reasons,
            "attachments": [item.model_dump() for item in data.attachments],
        }
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _keys(phones: list[Point], emails: list[Point], data: InquiryReceived) -> tuple[Key, ...]:
    found = [Key("phone", item.key) for item in phones] + [Key("email", item.key) for item in emails]
    for kind, value in (("vk", data.sender.vk_id), ("telegram", data.sender.telegram_id)):
        other = point(kind, value) if value else None
        if other:
            found.append(Key(kind, other.key))
    return tuple(dict.fromkeys(found))
