"""From the body of a message to an inquiry that the rules understand."""

import orjson

from services.leads.domain.inquiry import Incoming, Key
from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import InquiryReceived
from shared.kernel.contact_points import Point, point

_Envelope = Envelope[InquiryReceived]
_LONGEST_PREVIEW = 10_000


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
        text=data.text[:_LONGEST_PREVIEW],
        suspected_spam=data.suspected_spam,
        content={
            "sender": sender.model_dump(mode="json"),
            "subject": data.subject,
            "fields": [field.model_dump() for field in data.fields],
            "utm": data.utm,
            "page_url": data.page_url,
            "referrer": data.referrer,
            "ip": data.ip,
            "user_agent": data.user_agent,
            "text_key": data.text_key,
            "suspected_spam": data.suspected_spam,
        },
        raw=data.raw.model_dump(exclude_none=True),
        traceparent=envelope.traceparent,
    )


def _keys(phones: list[Point], emails: list[Point], data: InquiryReceived) -> tuple[Key, ...]:
    found = [Key("phone", item.key) for item in phones] + [Key("email", item.key) for item in emails]
    for kind, value in (("vk", data.sender.vk_id), ("telegram", data.sender.telegram_id)):
        other = point(kind, value) if value else None
        if other:
            found.append(Key(kind, other.key))
    return tuple(dict.fromkeys(found))
