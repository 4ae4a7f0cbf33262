"""Inquiries by the thousand: some from known contacts, some repeats, the rest from strangers; always the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.envelope import encode
from shared.contracts.inquiries import Field, InquiryReceived, Raw, Sender
from shared.kernel.ids import inquiry_id

KNOWN_SHARE = 0.30
REPEAT_SHARE = 0.20
FIRST_KNOWN = 79_000_000_000
FIRST_STRANGER = 79_500_000_000
CHANNEL = UUID("0b1e5c9a-33a5-4c6e-9a07-5f6f2d1c4e10")
_T0 = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
_TEXT = "Здравствуйте! Нужен расчёт кровли: дом 9×11, металлочерепица, доставка в Токсово, монтаж до конца месяца."


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it lies in the queue."""

    id: UUID
    body: bytes


def spelled(phone: int, way: int) -> str:
    """Return a Russian number in one of the four ways in which people write it."""
    digits = str(phone)
    return (
        f"+{digits}",
        f"8 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}",
        digits[1:],
        f"8{digits[1:]}",
    )[way % 4]


def inquiry(number: int, phone: int, *, run: str) -> InquiryReceived:
    """Return the n-th inquiry of a run, from this phone."""
    at = _T0 + timedelta(milliseconds=number)
    external_id = f"{run}-{number}"
    return InquiryReceived(
        inquiry_id=inquiry_id(CHANNEL, external_id),
        channel_id=CHANNEL,
        kind="form",
        external_id=external_id,
        occurred_at=at,
        received_at=at,
        sender=Sender(name=f"Клиент {phone % 100_000}", phones=(spelled(phone, number),)),
        text=_TEXT,
        fields=(Field(name="area", label="Площадь", value="120 м²"),),
        utm={"utm_source": "yandex", "utm_medium": "cpc"},
        page_url="https://site.example/raschet",
        raw=Raw(content_type="application/json", text='{"name":"Клиент","phone":"8 921 000-00-00"}'),
    )


def phones(count: int, *, contacts: int, seed: int) -> Iterator[int]:
    """Return who writes: 30 % known contacts, 20 % once more somebody who wrote before, the rest strangers."""
    chance = random.Random(seed)
    wrote: list[int] = []
    for _ in range(count):
        turn = chance.random()
        if turn < REPEAT_SHARE and wrote:
            yield chance.choice(wrote)
            continue
        known = turn < REPEAT_SHARE + KNOWN_SHARE
        phone = (
            FIRST_KNOWN + chance.randrange(contacts)
            if known
            else FIRST_STRANGER + chance.randrange(400_000_000)
        )
        wrote.append(phone)
        yield phone


def backlog(count: int, *, contacts: int, seed: int, run: str) -> list[Message]:
    """Return the messages of a backlog."""
    found = []
    for number, phone in enumerate(phones(count, contacts=contacts, seed=seed)):
        data = inquiry(number, phone, run=run)
        body = encode(data, message_id=data.inquiry_id, source="voronka/bench", time=data.received_at)
        found.append(Message(data.inquiry_id, body))
    return found
