"""The board's filter: what stands in the address, what the owner is asked, which chips are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from services.gateway.pages.reader import Json, Reader

Assigned = Literal["me", "team", "all"]
ASSIGNED: tuple[Assigned, ...] = ("me", "team", "all")
KINDS = ("call", "email", "message", "form", "chat", "callback", "manual")
PERIODS = {"today": 0, "week": 6, "month": 29}
_Q_MOST = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader chose; empty text means no choice."""

    assigned: Assigned = "me"
    channel: str = ""
    kind: str = ""
    period: str = ""
    responsible: str = ""
    q: str = ""
    home: Assigned = "me"
    """Where this reader begins: as wide as he may see, since who heads others has few leads of his own."""

    def query(self) -> dict[str, str]:
        """Return the parameters that stand in the page's address: only what differs from the default."""
        chosen = {
            "assigned_to": "" if self.assigned == self.home else self.assigned,
            "channel": self.channel,
            "kind": self.kind,
            "period": self.period,
            "responsible": self.responsible,
            "q": self.q,
        }
        return {key: value for key, value in chosen.items() if value}

    def address(self, **changes: str) -> str:
        """Return the board's address with some choices changed."""
        chosen = urlencode(replace(self, **changes).query())  # type: ignore[arg-type]
        return f"/?{chosen}" if chosen else "/"

    def asked(self, reader: Reader) -> list[tuple[str, str]]:
        """Return the parameters that the owner of leads understands."""
        asked: list[tuple[str, str]] = [("assigned_to", self.assigned)]
        if self.channel:
            asked.append(("channel_id", self.channel))
        if self.kind:
            asked.append(("kind", self.kind))
        if self.responsible:
            asked.append(("responsible_id", self.responsible))
        if self.q:
            asked.append(("q", self.q))
        if self.period in PERIODS:
            start = reader.formats.start_of_day(reader.now) - timedelta(days=PERIODS[self.period])
            asked.append(("created_at_from", start.isoformat()))
        return asked

    @property
    def chosen(self) -> bool:
        """Whether anything narrows the board."""
        return bool(self.channel or self.kind or self.period or self.responsible or self.q)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active choice and the address without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a choice."""

    value: str
    text: str
    selected: bool = False


def parse_filter(params: Mapping[str, str], *, home: Assigned = "me") -> Filter:
    """Return the filter of an address; what is not understood counts as not chosen."""
    assigned: Assigned = next((item for item in ASSIGNED if item == params.get("assigned_to")), home)
    kind, period = params.get("kind", ""), params.get("period", "")
    return Filter(
        assigned=assigned,
        channel=_identity(params.get("channel", "")),
        kind=kind if kind in KINDS else "",
        period=period if period in PERIODS else "",
        responsible=_identity(params.get("responsible", "")),
        q=params.get("q", "").replace("\x00", "").strip()[:_Q_MOST],
        home=home,
    )


def _identity(value: str) -> str:
    """Return the id in its one spelling, empty when it is none."""
    try:
        return str(UUID(value))
    except ValueError:
        return ""


def _name(items: Sequence[Json], identity: str) -> str:
    return next((str(item["name"]) for item in items if str(item["id"]) == identity), identity[:8])


def chips(
    chosen: Filter, channels: Sequence[Json], people: Sequence[Json], reader: Reader
) -> tuple[Chip, ...]:
    """Return one chip for each active choice."""
    words = reader.words
    found = []
    if chosen.channel:
        found.append(
            Chip(
                words.t("filter.chip.channel", name=_name(channels, chosen.channel)),
                chosen.address(channel=""),
            )
        )
    if chosen.kind:
        found.append(Chip(words.t(f"kind.{chosen.kind}"), chosen.address(kind="")))
    if chosen.period:
        name = words.t(f"filter.period.{chosen.period}").lower()
        found.append(Chip(words.t("filter.chip.period", name=name), chosen.address(period="")))
    if chosen.responsible:
        found.append(Chip(_name(people, chosen.responsible), chosen.address(responsible="")))
    if chosen.q:
        found.append(Chip(words.t("filter.chip.q", name=chosen.q), chosen.address(q="")))
    return tuple(found)
