"""The columns of the board: independent lists, each with its own query, cursor and count (S070-S073)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from services.gateway.language import formats
from services.gateway.pages.card import REJECTED_DAYS, WEEK_DAYS, ColumnKey, LeadCard, lead_card
from services.gateway.pages.filters import Filter
from services.gateway.pages.reader import Json, Reader

COLUMNS: tuple[ColumnKey, ...] = ("new", "today", "week", "earlier", "rejected")
PAGE = 50
MOST_IN_PAGE = 200
UNKNOWN = "…"
_NOTED: frozenset[ColumnKey] = frozenset({"new", "rejected"})
_FOLDED: frozenset[ColumnKey] = frozenset({"rejected"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner said about one column; `failed` when he did not answer in time, `count` None when not counted."""

    items: Sequence[Json] = ()
    next_cursor: str | None = None
    count: int | None = None
    capped: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown."""

    key: ColumnKey
    title: str
    note: str
    count: str
    total: int
    waiting: int
    overdue: int
    answered_share: int
    cards: tuple[LeadCard, ...]
    next_address: str
    full: bool
    folded: bool
    failed: bool
    empty_title: str
    empty_text: str


@dataclass(frozen=True, slots=True)
class Counter:
    """The head of a column when only its number was read; None where the page keeps what it shows."""

    count: str | None
    total: int | None
    note: str | None


def column_query(column: ColumnKey, chosen: Filter, reader: Reader) -> list[tuple[str, str]]:
    """Return what the owner is asked for this column, without limit and cursor."""
    day = reader.formats.start_of_day(reader.now).isoformat()
    week = reader.formats.start_of_day(reader.now, days_ago=WEEK_DAYS).isoformat()
    work = [("status", "in_work"), ("status", "converting")]
    month = reader.formats.start_of_day(reader.now, days_ago=REJECTED_DAYS).isoformat()
    own: dict[ColumnKey, list[tuple[str, str]]] = {
        "new": [("status", "new")],
        "today": [*work, ("claimed_at_from", day)],
        "week": [*work, ("claimed_at_from", week), ("claimed_at_to", day)],
        "earlier": [*work, ("claimed_at_to", week)],
        "rejected": [("status", "rejected"), ("closed_at_from", month)],
    }
    return [*own[column], *chosen.asked(reader)]


def column_sort(column: ColumnKey) -> str:
    """Return the order of a column: the new ones oldest first, the others latest first."""
    return {"new": "created_at", "rejected": "-closed_at"}.get(column, "-claimed_at")


def column_view(key: ColumnKey, answer: Answer, chosen: Filter, reader: Reader, *, shown: int = 0) -> Column:
    """Return one column; `shown` cards of it are on the page already."""
    words = reader.words
    cards = tuple(card for lead in answer.items if (card := lead_card(lead, reader)))
    waiting = sum(1 for card in cards if card.wait is not None)
    overdue = sum(1 for card in cards if card.wait is not None and card.wait.tone == "over")
    on_page = shown + len(cards)
    more = answer.next_cursor if on_page < MOST_IN_PAGE else None
    query = urlencode([*chosen.query().items(), ("cursor", more or ""), ("shown", str(on_page))])
    return Column(
        key=key,
        title=words.t(f"column.{key}"),
        note=_note(key, waiting, reader),
        count=UNKNOWN if answer.count is None else formats.count(answer.count, capped=answer.capped),
        total=len(cards) if answer.count is None else answer.count,
        waiting=waiting,
        overdue=overdue,
        answered_share=round(100 * (len(cards) - waiting) / len(cards)) if cards else 0,
        cards=cards,
        next_address=f"/board/columns/{key}?{query}" if more else "",
        full=answer.next_cursor is not None and not more,
        folded=key in _FOLDED,
        failed=answer.failed,
        empty_title=words.t("column.empty.found") if chosen.chosen else words.t(f"column.empty.{key}"),
        empty_text=words.t("column.empty.found.text")
        if chosen.chosen
        else words.t(f"column.empty.{key}.text"),
    )


def _note(key: ColumnKey, waiting: int, reader: Reader) -> str:
    if key in _NOTED:
        return reader.words.t(f"column.{key}.note")
    return reader.words.n("column.waiting", waiting) if waiting else reader.words.t("column.nobody_waits")


def counter_view(key: ColumnKey, answer: Answer, reader: Reader) -> Counter:
    """Return the head of a column; who waits in a column of work is not known from its number."""
    note = reader.words.t(f"column.{key}.note") if key in _NOTED else None
    if answer.count is None:
        return Counter(None, None, note)
    return Counter(formats.count(answer.count, capped=answer.capped), answer.count, note)
