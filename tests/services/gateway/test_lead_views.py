"""What the card of a lead shows."""

from typing import Any

import pytest

from services.gateway.pages.lead import dialog_people, lead_page
from services.gateway.pages.timeline import timeline
from tests.services.gateway.company import Json, inquiry
from tests.services.gateway.reading import ago, lead_of, reader_at

READER = reader_at()
EVERYTHING = ("claim", "answered", "give-back", "hand-over", "reject", "mark-spam", "reopen")


def entry(kind: str, at: str, **values: Any) -> Json:
    actor = {"type": "employee", "id": "1", "name": "Анна Смирнова"}
    return {"id": 1, "kind": kind, "at": at, "actor": actor, "reason": "", "data": {}, **values}


@pytest.mark.parametrize(
    ("status", "may", "actions"),
    [
        ("new", EVERYTHING, {"claim", "hand-over", "reject", "mark-spam"}),
        ("in_work", EVERYTHING, {"give-back", "hand-over", "reject", "mark-spam"}),
        ("rejected", EVERYTHING, {"reopen"}),
        ("converted", EVERYTHING, set()),
        ("new", ("reject",), {"reject"}),
        ("new", (), set()),
    ],
)
def test_an_action_is_offered_where_state_and_rights_allow_it(
    status: str, may: tuple[str, ...], actions: set[str]
) -> None:
    lead = lead_of(status, first_response_at=ago(minutes=1))
    assert lead_page(lead, [], [], [], READER, may=may).actions == actions


@pytest.mark.parametrize(
    ("status", "offered"), [("new", True), ("in_work", True), ("rejected", False), ("converting", False)]
)
def test_an_answer_is_offered_while_the_client_of_an_open_lead_waits_and_until_there_is_a_first_one(
    status: str,
    offered: bool,  # noqa: FBT001
) -> None:
    first = {"first_response_at": ago(minutes=2)}
    for lead, shown in (
        (lead_of(status, waiting_since=ago(minutes=3), **first), offered),
        (lead_of(status, waiting_since=None, first_response_at=None), offered),
        (lead_of(status, waiting_since=None, **first), False),
    ):
        actions = lead_page(lead, [], [], [], READER, may=EVERYTHING).actions
        assert ("answered" in actions) is shown


def test_a_card_can_be_shown_from_the_lead_alone() -> None:
    page = lead_page(lead_of(), [], [], [], READER, failed=["inquiries", "history"])
    assert page.failed == ("inquiries", "history")
    assert not [*page.fields, *page.source, *page.reasons, *page.days]
    assert page.call == "tel:+79214471284"


def test_only_web_addresses_of_the_source_can_be_followed() -> None:
    lead = lead_of()
    hostile = inquiry(lead, page_url="javascript:alert(1)", referrer="https://example.com/")
    source = {fact.value: fact.href for fact in lead_page(lead, [hostile], [], [], READER).source}
    assert source["javascript:alert(1)"] == ""
    assert source["https://example.com/"] == "https://example.com/"


def test_the_timeline_is_newest_first_under_its_days() -> None:
    lead = lead_of()
    came = inquiry(lead, received_at=ago(days=2), occurred_at=ago(days=2))
    history = [
        entry("claimed", ago(minutes=3)),
        entry("handed_over", ago(days=1), data={"to": {"type": "role", "id": "2", "name": "Отдел продаж"}}),
    ]
    days = timeline([came], history, READER)
    assert [day.heading for day in days] == ["Сегодня, 24.11", "Вчера, 23.11", "22.11.2026"]
    assert days[0].entries[0].title == "Принят в работу"
    assert days[1].entries[0].title == "Передан: Отдел продаж"
    assert days[2].entries[0].text == "Сколько стоит доставка?"


def test_a_rejection_as_spam_says_so() -> None:
    spam, plain = (entry("rejected", ago(minutes=n), data=data) for n, data in ((1, {"spam": True}), (2, {})))
    (day,) = timeline([], [spam, plain], READER)
    assert [item.title for item in day.entries] == ["Отклонён как спам", "Отклонён"]


def test_an_unknown_transition_is_shown_by_its_name() -> None:
    assert timeline([], [entry("frozen", ago(minutes=1))], READER)[0].entries[0].title == "frozen"


@pytest.mark.feature("B06", "B10")
def test_why_names_rule_evidence_assignment_and_who_was_passed_over() -> None:
    lead = lead_of()
    decision = {
        "rule": "same_key",
        "rule_version": 2,
        "matched": [{"kind": "phone", "value": "+79214471284"}],
        "candidates": [{"type": "lead", "id": "9", "name": "Маша"}],
        "evidence": [],
        "assignment": {
            "strategy": "least_loaded",
            "chosen": {"type": "employee", "id": "1", "name": "Анна Смирнова"},
            "candidates": [{"id": "2", "name": "Иван Петров", "excluded": "inactive"}],
            "escalated": False,
        },
    }
    reasons = lead_page(lead, [inquiry(lead)], [], [decision], READER).reasons
    said = " · ".join(f"{reason.text} {reason.detail}" for reason in reasons)
    for text in (
        "версия 2",
        "+7 (921) 447-12-84",
        "Назначен: Анна Смирнова",
        "Иван Петров — пропущен",
        "Маша",
    ):
        assert text in said
    assert [reason.href for reason in reasons if reason.href] == ["/leads/9"]


def test_people_to_hand_over_to_are_named_as_a_form_sends_them() -> None:
    found = dialog_people([{"type": "role", "id": "7", "name": "Отдел продаж", "detail": ""}])
    assert found[0][0] == "role:7"
    assert found[0][1].is_role
