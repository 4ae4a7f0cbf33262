"""The administrators' page «Недоставленные»: dead letters by unit, and the quarantine beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlencode

from services.gateway.application.undelivered import Found
from services.gateway.domain.owners import UNITS
from services.gateway.language.formats import count, parse_time
from services.gateway.pages.reader import Json, Reader
from services.gateway.pages.undelivered_reasons import why_letter, why_post

Tab = Literal["dead-letters", "quarantine"]
TABS: tuple[Tab, ...] = ("dead-letters", "quarantine")
STATES: dict[Tab, tuple[str, ...]] = {
    "dead-letters": ("waiting", "replayed", "dropped"),
    "quarantine": ("new", "translated", "dropped"),
}
BASE = "/settings"

_SOON_S, _LATER_S = 3, 20
_ASKED_LATELY = timedelta(minutes=2)
"""How long an answer to what was asked for is waited for from one look to the next."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list is meant: in which state, of which unit, and from where on."""

    tab: Tab
    state: str
    unit: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, tab: Tab, query: Mapping[str, str]) -> "Asked":
        """Read the query of a page; what it does not know counts as not said."""
        state, unit = query.get("state", ""), query.get("unit", "")
        state = state if state in STATES[tab] else STATES[tab][0]
        if tab == "quarantine":
            return cls(tab, state, cursor=query.get("cursor", ""))
        return cls(tab, state, unit, query.get("cursor", "")) if unit in UNITS else cls(tab, state)

    @property
    def waits(self) -> bool:
        """Whether it is what still waits."""
        return self.state == STATES[self.tab][0]

    @property
    def address(self) -> str:
        """Where it is shown."""
        return _address(self.tab, state=self.state, unit=self.unit, cursor=self.cursor)


@dataclass(frozen=True, slots=True)
class Link:
    """A tab or a choice of a state."""

    text: str
    address: str
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One message in a list; `act` is where it is set going again, empty when that cannot be done."""

    id: str
    address: str
    title: str
    note: str
    why: str
    reason: str
    time: str
    full_time: str
    marks: tuple[str, ...] = ()
    act: str = ""
    asked: bool = False
    """Whether it was asked for just now, so that there will be something new soon."""


@dataclass(frozen=True, slots=True)
class Section:
    """The messages of one unit, or the quarantine, which has no heading of its own."""

    key: str
    title: str
    rows: tuple[Row, ...]
    count: str
    more: str = ""
    act: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Undeliverables:
    """The whole page; it looks again by itself every `again_s` seconds, never when that is 0."""

    tab: Tab
    address: str
    first: str
    again_s: int
    tabs: tuple[Link, ...]
    states: tuple[Link, ...]
    sections: tuple[Section, ...]
    act_on_all: str
    is_empty: bool
    waiting: bool


def page_of(
    asked: Asked, found: Sequence[Found], totals: tuple[int | None, int | None], reader: Reader
) -> Undeliverables:
    """Return the page of a list; `totals` are how many wait under each tab, None where that is not known."""
    tab, state, waiting, words = asked.tab, asked.state, asked.waits, reader.words
    sections = tuple(_section(asked, each, reader) for each in found if each.items or each.failed)
    return Undeliverables(
        tab=tab,
        address=asked.address,
        first=_address(tab, state=state) if asked.cursor else "",
        again_s=_again_s(sections) if waiting else 0,
        tabs=tuple(
            Link(
                words.t(f"undelivered.tab.{name}"),
                f"{BASE}/{name}",
                name == tab,
                count(total) if total else "",
            )
            for name, total in zip(TABS, totals, strict=True)
        ),
        states=tuple(
            Link(words.t(f"undelivered.state.{name}"), _address(tab, state=name), name == state)
            for name in STATES[tab]
        ),
        sections=sections,
        act_on_all=_all(tab) if waiting and any(section.rows for section in sections) else "",
        is_empty=not sections,
        waiting=waiting,
    )


def _again_s(sections: Sequence[Section]) -> int:
    return _SOON_S if any(row.asked for section in sections for row in section.rows) else _LATER_S


def _all(tab: Tab) -> str:
    return f"{BASE}/dead-letters/replay" if tab == "dead-letters" else f"{BASE}/quarantine/translate-again"


def _address(tab: Tab, **query: str) -> str:
    given = {name: value for name, value in query.items() if value and value != STATES[tab][0]}
    return f"{BASE}/{tab}" + (f"?{urlencode(given)}" if given else "")


def _section(asked: Asked, found: Found, reader: Reader) -> Section:
    tab, state, waiting = asked.tab, asked.state, asked.waits
    letters = tab == "dead-letters"
    make = _letter if letters else _post
    return Section(
        key=found.unit or tab,
        title=reader.words.t(f"undelivered.unit.{found.unit}") if letters else "",
        rows=tuple(make(found.unit, item, reader, waiting=waiting) for item in found.items),
        count=count(found.count) if waiting else "",
        more=_address(tab, state=state, unit=found.unit, cursor=found.more) if found.more else "",
        act=f"{BASE}/dead-letters/{found.unit}/replay" if letters and waiting and found.items else "",
        failed=found.failed,
    )


def _letter(unit: str, item: Json, reader: Reader, *, waiting: bool) -> Row:
    address = f"{BASE}/dead-letters/{unit}/{item['id']}"
    time, full = _times(item["died_at"], reader)
    gone = waiting and bool(item["queue_gone"])
    return Row(
        id=str(item["id"]),
        address=address,
        title=str(item["topic"] or item["queue"]),
        note=str(item["queue"]),
        why=why_letter(item, reader),
        reason=str(item["reason"]),
        time=time,
        full_time=full,
        marks=_marks(
            reader.words.n("undelivered.retries", int(item["attempts"])) if item["attempts"] else "",
            reader.words.t("undelivered.queue_gone") if gone else "",
        ),
        act=f"{address}/replay" if waiting and not gone else "",
    )


def _post(_: str, item: Json, reader: Reader, *, waiting: bool) -> Row:
    address = f"{BASE}/quarantine/{item['id']}"
    time, full = _times(item["received_at"], reader)
    channel = str(item["channel"]["name"] or reader.words.t("undelivered.channel.unknown"))
    asked_at = parse_time(item.get("asked_at")) if waiting else None
    asked = reader.words.t("undelivered.asked") if asked_at else ""
    tries = reader.words.n("undelivered.tries", int(item["attempts"])) if int(item["attempts"]) > 1 else ""
    return Row(
        id=str(item["id"]),
        address=address,
        title=channel,
        note=str(item["content_type"]),
        why=why_post(item, reader),
        reason=str(item["reason"]),
        time=time,
        full_time=full,
        marks=_marks(tries, asked),
        act=f"{address}/translate-again" if waiting else "",
        asked=asked_at is not None and reader.now - asked_at < _ASKED_LATELY,
    )


def _marks(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _times(value: str, reader: Reader) -> tuple[str, str]:
    at = parse_time(value) or reader.now
    return reader.formats.moment(at, reader.now), reader.formats.full(at)
