"""Robots: traps and haste; what they send is kept, with the reason for the suspicion."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.translate import translate
from connectors.forms.suspicion import suspect_haste
from tests.connectors.forms.site import Site

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
AT = int(NOW.timestamp())
PERSON = {"name": "Пётр", "phone": "89000000001"}


def reasons(least_s: float = 3, **marks: str) -> list[str]:
    said = translate([Entry(name, value) for name, value in {**PERSON, **marks}.items()], field_table())
    suspect_haste(said, NOW, least_s)
    return said.spam_reasons


def test_a_form_sent_sooner_than_a_person_fills_it_in_is_suspected() -> None:
    assert reasons(form_rendered_at=str(AT - 1)) == ["too_fast"]
    assert reasons(form_rendered_at=str(AT * 1000 - 2_500)) == ["too_fast"]
    assert reasons(form_rendered_at=str(AT - 3)) == []
    assert reasons(form_fill_ms="2999") == ["too_fast"]
    assert reasons(form_fill_ms="3000") == []


def test_the_scripts_own_measure_counts_more_than_two_clocks() -> None:
    assert reasons(form_fill_ms="60000", form_rendered_at=str(AT)) == []
    assert reasons(form_fill_ms="10", form_rendered_at=str(AT - 600)) == ["too_fast"]


@pytest.mark.parametrize("mark", ["", str(AT + 600), "yesterday", "-5", "9" * 30, "1.5", "²"])
def test_a_mark_that_says_nothing_is_no_reason(mark: str) -> None:
    assert reasons(form_rendered_at=mark) == []


def test_a_form_without_the_mark_or_with_the_limit_off_is_not_suspected() -> None:
    assert reasons() == []
    assert reasons(0, form_rendered_at=str(AT), form_fill_ms="0") == []


def test_all_reasons_are_named_once() -> None:
    assert reasons(website="x", gotcha="y", form_fill_ms="1") == ["honeypot", "too_fast"]


@pytest.mark.feature("S046")
async def test_the_channel_says_how_soon_is_too_soon(site: Site) -> None:
    usual = await site.open_channel()
    strict = await site.open_channel(connection={"min_fill_seconds": 30})
    off = await site.open_channel(connection={"min_fill_seconds": 0})
    form: dict[str, Any] = {
        **PERSON,
        "form_fill_ms": "1500",
        "form_rendered_at": "1",
        "consent_version": "2026-11",
    }
    found = await site.accepted(usual, json=form)
    assert (found.suspected_spam, found.spam_reasons) == (True, ("too_fast",))
    assert [(field.label, field.value) for field in found.fields] == [("Версия согласия", "2026-11")]
    assert not (await site.accepted(off, json=form)).suspected_spam
    slower = {**form, "form_fill_ms": "20000"}
    assert not (await site.accepted(usual, json=slower)).suspected_spam
    assert (await site.accepted(strict, json=slower)).spam_reasons == ("too_fast",)


async def test_a_channel_takes_no_more_than_its_own_limit(site: Site) -> None:
    limited = await site.open_channel(connection={"posts_per_minute": 5})
    answers = [
        await site.post(limited, json=PERSON, headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(7)
    ]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 12
    assert "this form" in answers[-1].json()["detail"]
    assert (await site.post(await site.open_channel(), json=PERSON)).status_code == 202
