"""The board «Мои продажи»: its columns, whose leads it shows, and the filter above it (S070-S073)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from services.gateway.language import formats
from services.gateway.pages.card import ColumnKey
from services.gateway.pages.columns import COLUMNS, Answer, Column, column_view
from services.gateway.pages.filters import ASSIGNED, KINDS, PERIODS, Assigned, Chip, Filter, Option, chips
from services.gateway.pages.reader import Json, Reader


@dataclass(frozen=True, slots=True)
class Switch:
    """One position of the switch my / team / all."""

    text: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page."""

    columns: tuple[Column, ...]
    switches: tuple[Switch, ...]
    chips: tuple[Chip, ...]
    chosen: Filter
    channels: tuple[Option, ...]
    kinds: tuple[Option, ...]
    periods: tuple[Option, ...]
    people: tuple[Option, ...]
    total: str
    fragment_query: str


def board_view(
    answers: dict[ColumnKey, Answer],
    chosen: Filter,
    channels: Sequence[Json],
    people: Sequence[Json],
    reader: Reader,
    *,
    scopes: Sequence[Assigned] = ASSIGNED,
) -> Board:
    """Return the board of the answers."""
    words = reader.words
    columns = tuple(column_view(key, answers[key], chosen, reader) for key in COLUMNS)
    total = sum(column.total for column in columns if column.key != "rejected")
    capped = any(answers[key].capped for key in COLUMNS)
    return Board(
        columns=columns,
        switches=tuple(
            Switch(words.t(f"assigned.{item}"), chosen.address(assigned=item), item == chosen.assigned)
            for item in scopes
        ),
        chips=chips(chosen, channels, people, reader),
        chosen=chosen,
        channels=tuple(
            Option(str(row["id"]), str(row["name"]), str(row["id"]) == chosen.channel) for row in channels
        ),
        kinds=tuple(Option(kind, words.t(f"kind.{kind}"), kind == chosen.kind) for kind in KINDS),
        periods=tuple(
            Option(item, words.t(f"filter.period.{item}"), item == chosen.period) for item in PERIODS
        ),
        people=tuple(
            Option(str(row["id"]), str(row["name"]), str(row["id"]) == chosen.responsible) for row in people
        ),
        total=words.n("board.total", total, shown=formats.count(total, capped=capped)),
        fragment_query=urlencode(chosen.query()),
    )
