"""What a card shows, and in which column it stands."""

import pytest

from services.gateway.pages.board import board_view
from services.gateway.pages.card import column_of, lead_card
from services.gateway.pages.columns import Answer, column_query, column_view, counter_view
from services.gateway.pages.filters import Filter, parse_filter
from tests.services.gateway.company import Json
from tests.services.gateway.reading import ME, ago, lead_of, reader_at

READER = reader_at()


@pytest.mark.feature("S070", "S072")
@pytest.mark.parametrize(
    ("lead", "column"),
    [
        (lead_of(), "new"),
        (lead_of("in_work", claimed_at=ago(minutes=1)), "today"),
        (lead_of("converting", claimed_at=ago(hours=12)), "today"),
        (lead_of("in_work", claimed_at=ago(hours=13)), "week"),
        (lead_of("in_work", claimed_at=ago(days=6, hours=12)), "week"),
        (lead_of("in_work", claimed_at=ago(days=6, hours=13)), "earlier"),
        (lead_of("rejected", closed_at=ago(days=30)), "rejected"),
        (lead_of("rejected", closed_at=ago(days=31)), None),
        (lead_of("converted"), None),
        (lead_of("absorbed"), None),
    ],
)
def test_the_column_follows_from_state_and_day_in_the_companys_zone(lead: Json, column: str | None) -> None:
    assert column_of(lead, READER) == column


@pytest.mark.parametrize("column", ["today", "week", "earlier"])
def test_the_columns_of_work_ask_for_days_without_gap_or_overlap(column: str) -> None:
    asked = {key: value for key, value in column_query(column, Filter(), READER) if key != "status"}  # type: ignore[arg-type]
    day, week = "2026-11-24T00:00:00+03:00", "2026-11-18T00:00:00+03:00"
    bounds = {
        "today": {"claimed_at_from": day},
        "week": {"claimed_at_from": week, "claimed_at_to": day},
        "earlier": {"claimed_at_to": week},
    }
    assert asked == {**bounds[column], "assigned_to": "me"}


@pytest.mark.parametrize(
    ("waiting_since", "respond_by", "tone", "text"),
    [
        (ago(seconds=112), None, "plain", "1:52"),
        (ago(minutes=1), ago(minutes=-9), "ok", "9:00"),
        (ago(minutes=9), ago(minutes=-1), "soon", "1:00"),
        (ago(minutes=20), ago(minutes=12), "over", "+12\u00a0мин"),
    ],
)
def test_the_clock_of_a_card_says_how_long_the_client_waits(
    waiting_since: str, respond_by: str | None, tone: str, text: str
) -> None:
    card = lead_card(lead_of(waiting_since=waiting_since, respond_by=respond_by), READER)
    assert card is not None
    assert card.wait is not None
    assert (card.wait.tone, card.wait.text) == (tone, text)


def test_a_card_names_the_person_else_the_phone_else_nobody() -> None:
    names = [
        lead_of(contact_name="Мария Иванова", name="Маша"),
        lead_of(name="Маша"),
        lead_of(name="", phones=["+79214471863"]),
        lead_of(name="", phones=[], emails=["a@example.com"]),
        lead_of(name="", phones=[], emails=[]),
    ]
    found = [card.name for lead in names if (card := lead_card(lead, READER))]
    assert found == ["Мария Иванова", "Маша", "+7 (921) 447-18-63", "a@example.com", "Без контакта"]


def test_a_card_knows_whether_it_is_mine() -> None:
    owner = {"type": "employee", "id": str(ME), "name": "Я"}
    mine, role = lead_of(responsible=owner), lead_of(responsible={**owner, "type": "role", "id": "r"})
    cards = [lead_card(lead, READER) for lead in (mine, role, lead_of())]
    assert [card.mine for card in cards if card] == [True, False, False]


def test_an_address_that_is_not_understood_chooses_nothing() -> None:
    odd = {
        "assigned_to": "boss",
        "channel": "x",
        "kind": "fax",
        "period": "year",
        "responsible": "1",
        "q": "\x00 ",
    }
    assert parse_filter(odd) == Filter()


def test_a_filter_survives_its_own_address() -> None:
    chosen = Filter("team", str(ME), "form", "week", str(ME), "Иванов & Ко")
    assert parse_filter(chosen.query()) == chosen
    assert chosen.chosen
    assert not Filter("all").chosen


def test_a_long_column_ends_at_what_a_page_can_hold() -> None:
    answer = Answer([lead_of()] * 50, "cursor", 12_000, capped=True)
    more = column_view("new", answer, Filter(), READER, shown=100)
    last = column_view("new", answer, Filter(), READER, shown=150)
    assert more.next_address.startswith("/board/columns/new?cursor=cursor&shown=150")
    assert (more.full, last.full, last.next_address) == (False, True, "")
    assert more.count == "9\u202f999+"


def test_a_column_that_was_not_counted_says_so() -> None:
    view = column_view("new", Answer([lead_of()], "more"), Filter(), READER)
    assert (view.count, view.total) == ("…", 1)
    assert counter_view("today", Answer(), READER).count is None
    assert counter_view("rejected", Answer(count=3), READER).note == "за 30 дней"


def test_the_board_counts_open_leads_and_offers_the_readers_own_switches() -> None:
    answers = {key: Answer(count=2) for key in ("new", "today", "week", "earlier", "rejected")}
    board = board_view(answers, Filter("team"), [], [], READER, scopes=("me", "team"))  # type: ignore[arg-type]
    assert board.total.startswith("8 ")
    assert [(switch.address, switch.current) for switch in board.switches] == [
        ("/", False),
        ("/?assigned_to=team", True),
    ]
