"""Thirty days of history: the product's own use cases, run with the clock of the past."""

import heapq
import itertools
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from deploy.demo.people import CLIENTS, FIRMS, FIRST_NAMES, LAST_NAMES
from deploy.demo.wishes import KIND_OF, Wishes
from shared.contracts.inquiries import Field, InquiryReceived, Sender
from shared.kernel.ids import inquiry_id

DAYS = 30
INQUIRIES = 130
_SEED = 20_261_124
_WEIGHTS = {"site": 30, "roof": 18, "offer": 14, "calls": 24, "mail": 16, "vk": 14}
_WHOLESALE = {"offer", "mail"}
_OPENS, _CLOSES = 8, 21  # hours in which people write, by the company's clock


@dataclass(order=True, slots=True)
class Move:
    """Something that happened: `what` is `inquiry`, `claim`, `read` or `reject`."""

    at: datetime
    turn: int
    what: str = field(compare=False)
    data: Any = field(compare=False)


def person(way: str, chance: random.Random, *, known: float = 0.55) -> tuple[str, str, str]:
    """Return name, phone and mail of somebody who writes this way; `known` is the share of those who wrote before."""
    if chance.random() < known:
        return chance.choice(FIRMS if way in _WHOLESALE else CLIENTS)
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    return name, f"+79{chance.choice('0125689')}{chance.randrange(10_000_000, 99_999_999)}", ""


def moments(now: datetime, chance: random.Random) -> list[datetime]:
    """Return when people wrote, oldest first: in the hours in which people write, more of them lately."""
    found: list[datetime] = []
    while len(found) < INQUIRIES:
        at = now - timedelta(days=DAYS * chance.random() ** 1.5, minutes=20)
        if _OPENS <= at.hour < _CLOSES:
            found.append(at)
    return sorted(found)


class History:
    """Plans what happened and does it in the order of time."""

    def __init__(self, channels: dict[str, Any], reasons: list[UUID], now: datetime) -> None:
        self._chance = random.Random(_SEED)  # noqa: S311 - the same history at every installation
        self._wishes = Wishes(self._chance)
        self._channels = channels
        self._reasons = reasons
        self._now = now
        self._moves: list[Move] = []
        self._turns = itertools.count()

    def plan(self) -> None:
        """Put down all inquiries."""
        ways = self._chance.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()), k=INQUIRIES)
        for place, (at, way) in enumerate(zip(moments(self._now, self._chance), ways, strict=True)):
            self._put(at, "inquiry", self._inquiry(place, at, way))

    def _put(self, at: datetime, what: str, data: Any) -> None:
        if at < self._now:
            heapq.heappush(self._moves, Move(at, next(self._turns), what, data))

    def take(self) -> Move | None:
        """Return the next thing that happened; None when the present is reached."""
        return heapq.heappop(self._moves) if self._moves else None

    def lead_opened(self, lead_id: UUID, at: datetime) -> None:
        """Decide what became of a new lead: most are claimed soon, many of the older ones are rejected later."""
        age = self._now - at
        if age < timedelta(hours=5) and self._chance.random() < 0.7:  # noqa: PLR2004 - the latest are still new
            return
        claimed = at + timedelta(minutes=self._chance.randrange(1, 55))
        self._put(claimed, "claim", lead_id)
        share = 0.72 if age > timedelta(days=8) else 0.35
        if self._chance.random() < share:
            closed = claimed + timedelta(minutes=self._chance.randrange(20, 2_800))
            self._put(closed, "reject", (lead_id, self._chance.choice(self._reasons)))

    def lead_grown(self, lead_id: UUID, at: datetime) -> None:
        """Decide when the next word of a client was read: soon, mostly."""
        if self._chance.random() < 0.9:  # noqa: PLR2004 - some are still unread
            self._put(at + timedelta(minutes=self._chance.randrange(2, 50)), "read", lead_id)

    def pick(self, choices: list[Any]) -> Any:
        """Choose by the seed."""
        return self._chance.choice(choices)

    def _inquiry(self, place: int, at: datetime, way: str) -> InquiryReceived:
        name, phone, email = person(way, self._chance)
        channel = UUID(self._channels[way]["id"])
        text = self._wishes.next(way, phone)
        is_form = KIND_OF[way] == "form"
        by_mail = way == "mail" and email
        return InquiryReceived(
            inquiry_id=inquiry_id(channel, f"history-{place}"),
            channel_id=channel,
            kind=KIND_OF[way],
            external_id=f"history-{place}",
            occurred_at=at,
            received_at=at,
            sender=Sender(
                name="" if way == "calls" else name,
                phones=() if by_mail else (phone,),
                emails=(email,) if email and way != "calls" else (),
                vk_id=str(100_000 + sum(map(ord, name))) if way == "vk" else None,
            ),
            text=text,
            fields=(Field(name="comment", label="Комментарий", value=text),) if is_form else (),
            utm={"utm_source": "yandex", "utm_campaign": "krovlya-spb"} if way == "roof" else {},
            page_url="https://krovikamen.example/raschet" if way == "site" else "",
        )
