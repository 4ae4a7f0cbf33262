"""The administrators' page «Недоставленные»: dead letters by unit, and the quarantine beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from services.gateway.application.undelivered import Found
from services.gateway.language.formats import count, parse_time
from services.gateway.pages.reader import Json, Reader

Tab = Literal["dead-letters", "quarantine"]
TABS: tuple[Tab, ...] = ("dead-letters", "quarantine")
STATES: dict[Tab, tuple[str, ...]] = {
    "dead-letters": ("waiting", "replayed", "dropped"),
    "quarantine": ("new", "translated", "dropped"),
}
BASE = "/settings"


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

    address: str
    title: str
    note: str
    reason: str
    time: str
    full_time: str
    marks: tuple[str, ...] = ()
    act: str = ""


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
    """The whole page."""

    tab: Tab
    tabs: tuple[Link, ...]
    states: tuple[Link, ...]
    sections: tuple[Section, ...]
    act_on_all: str
    is_empty: bool
    waiting: bool


def page_of(
    tab: Tab, state: str, found: Sequence[Found], totals: tuple[int, int], reader: Reader
) -> Undeliverables:
    """Return the page of one tab in one state; `totals` are how many wait under each tab."""
    waiting = state == STATES[tab][0]
    sections = tuple(
        _section(tab, state, each, reader, waiting=waiting) for each in found if each.items or each.failed
    )
    words = reader.words
    return Undeliverables(
        tab=tab,
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


def _all(tab: Tab) -> str:
    return f"{BASE}/dead-letters/replay" if tab == "dead-letters" else f"{BASE}/quarantine/translate-again"


def _address(tab: Tab, **query: str) -> str:
    given = {name: value for name, value in query.items() if value and value != STATES[tab][0]}
    return f"{BASE}/{tab}" + (f"?{urlencode(given)}" if given else "")


def _section(tab: Tab, state: str, found: Found, reader: Reader, *, waiting: bool) -> Section:
    make = _letter if tab == "dead-letters" else _event
    letters = tab == "dead-letters"
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
    return Row(
        address=address,
        title=str(item["topic"] or item["queue"]),
        note=str(item["queue"]),
        reason=str(item["reason"]),
        time=time,
        full_time=full,
        marks=_marks(
            reader.words.n("undelivered.retries", int(item["attempts"])) if item["attempts"] else ""
        ),
        act=f"{address}/replay" if waiting else "",
    )


def _event(_: str, item: Json, reader: Reader, *, waiting: bool) -> Row:
    address = f"{BASE}/quarantine/{item['id']}"
    time, full = _times(item["received_at"], reader)
    channel = str(item["channel"]["name"] or reader.words.t("undelivered.channel.unknown"))
    asked = reader.words.t("undelivered.asked") if waiting and item.get("asked_at") else ""
    tries = reader.words.n("undelivered.tries", int(item["attempts"])) if int(item["attempts"]) > 1 else ""
    return Row(
        address=address,
        title=channel,
        note=str(item["content_type"]),
        reason=str(item["reason"]),
        time=time,
        full_time=full,
        marks=_marks(tries, asked),
        act=f"{address}/translate-again" if waiting else "",
    )


def _marks(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _times(value: str, reader: Reader) -> tuple[str, str]:
    at = parse_time(value) or reader.now
    return reader.formats.moment(at, reader.now), reader.formats.full(at)
