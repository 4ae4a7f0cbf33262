"""What each inquiry of a lead says in the timeline: its own fields, its own reason, its whole text."""

import pytest

from services.gateway.pages.timeline import timeline
from tests.services.gateway.company import inquiry
from tests.services.gateway.reading import ago, lead_of, reader_at

READER = reader_at()


@pytest.mark.feature("S019")
def test_the_fields_of_an_earlier_form_are_still_shown_in_their_order() -> None:
    lead = lead_of()
    fields = [
        {"name": "area", "label": "Площадь", "value": "120"},
        {"name": "Бюджет", "label": "", "value": "1 млн"},
    ]
    earlier = inquiry(lead, received_at=ago(hours=2), fields=fields, utm={"utm_source": "vk"})
    later = inquiry(lead, received_at=ago(hours=1), fields=[], utm={})
    (day,) = timeline([later, earlier], [], READER)[:1]
    shown = {entry.inquiry_id: entry.fields for entry in day.entries}
    assert [(fact.label, fact.value) for fact in shown[earlier["id"]]] == [
        ("Площадь", "120"),
        ("Бюджет", "1 млн"),
        ("utm_source", "vk"),
    ]
    assert shown[later["id"]] == ()


@pytest.mark.feature("B06")
def test_each_inquiry_says_why_it_is_here() -> None:
    lead = lead_of()
    decision = {"rule": "same_key", "rule_version": 1, "matched": [], "candidates": []}
    (day,) = timeline([inquiry(lead, decision=decision)], [], READER)
    assert day.entries[0].why == "Есть открытый лид с тем же телефоном или почтой"


def test_a_text_that_is_only_begun_here_leads_to_the_whole() -> None:
    lead = lead_of()
    long = inquiry(lead, text_key="2026/11/24/x.txt")
    (day,) = timeline([long], [], READER)
    assert day.entries[0].whole == f"/leads/{lead['id']}/inquiries/{long['id']}/text"
    assert timeline([inquiry(lead)], [], READER)[0].entries[0].whole == ""


def test_files_of_an_inquiry_are_given_by_their_place() -> None:
    lead = lead_of()
    sizes = {"план.pdf": 1025, "фото.jpg": 0, "смета.xls": 1024 * 1024, "видео.mp4": 2_000_000}
    attachments = [{"name": name, "size": size} for name, size in sizes.items()]
    found = inquiry(lead, attachments=attachments)
    (day,) = timeline([found], [], READER)
    base = f"/leads/{lead['id']}/inquiries/{found['id']}/attachments"
    assert [(file.label, file.value, file.href) for file in day.entries[0].files] == [
        ("план.pdf", "2 КБ", f"{base}/1"),
        ("фото.jpg", "0 КБ", f"{base}/2"),
        ("смета.xls", "1 МБ", f"{base}/3"),
        ("видео.mp4", "1,9 МБ", f"{base}/4"),
    ]


def test_a_suspicion_is_shown_with_its_reasons() -> None:
    found = inquiry(lead_of(), suspected_spam=True, spam_reasons=["too_fast", "a reason of tomorrow"])
    (day,) = timeline([found], [], READER)
    assert day.entries[0].details[-2:] == (
        "Похоже на спам",
        "Отправлено быстрее, чем успел бы человек",
    )


def test_what_came_under_the_same_number_and_said_something_else_is_shown() -> None:
    other = {
        "received_at": ago(hours=1),
        "sender": {"name": "Ольга", "phones": ["+79000000016"]},
        "text": "другое",
    }
    (day,) = timeline([inquiry(lead_of(), conflicts=[other])], [], READER)
    (shown,) = day.entries[0].conflicts
    assert shown.text == "Под тем же номером отправки пришло и другое (11:30):"
    assert [(phone.value, phone.href) for phone in shown.phones] == [
        ("+7 (900) 000-00-16", "tel:+79000000016")
    ]
    assert shown.said == "Ольга, другое"
