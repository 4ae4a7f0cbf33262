"""A form full of numbers costs as little as another: few of them are looked up in the numbering plans."""

import asyncio
from collections.abc import Callable

import phonenumbers
import pytest

from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.translate import translate
from shared.kernel import phones
from tests.connectors.forms.site import Site

ABROAD = [f"+{country}{number:010}" for country in (1, 44, 49, 375, 998) for number in range(300)]
MOBILES = [f"+7921447{number:04}" for number in range(100)]
MOST_LOOKED_UP = 100  # 50 values, two readings of each at most


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is looked up in the numbering plans."""
    found: list[str] = []
    parse = phonenumbers.parse

    def noting(number: str, region: str) -> phonenumbers.PhoneNumber:
        found.append(number)
        return parse(number, region)

    monkeypatch.setattr(phonenumbers, "parse", noting)
    phones._parse.cache_clear()
    return found


@pytest.mark.parametrize(
    "entries",
    [
        [Entry("message", " ; ".join(ABROAD))],
        [Entry("message", " ; ".join(number.removeprefix("+") for number in ABROAD))],
        [Entry(f"field{at}", number) for at, number in enumerate(ABROAD)],
        [Entry("phone", number) for number in ABROAD],
        [Entry("telegram", number) for number in ABROAD],
        [Entry(name, number) for number in ABROAD for name in ("message", "phone", "telegram", "x")],
    ],
    ids=["text", "digits", "fields", "phones", "telegram", "all"],
)
def test_of_a_thousand_numbers_few_are_looked_up(entries: list[Entry], looked_up: list[str]) -> None:
    translate(entries, field_table())
    assert 0 < len(looked_up) <= MOST_LOOKED_UP


def test_ten_phones_are_enough_and_what_comes_after_them_is_still_shown(looked_up: list[str]) -> None:
    form = translate([Entry("phone", number) for number in [*MOBILES, *ABROAD[:50]]], field_table())
    assert form.phones == MOBILES[:10]
    assert form.fields[0].value == MOBILES[10]
    assert looked_up == []


def test_numbers_in_a_text_leave_the_phone_of_the_form_its_turn() -> None:
    entries = [Entry("message", " ; ".join(["71234567890"] * 300)), Entry("phone", "8 495 123-45-67")]
    assert translate(entries, field_table()).phones == ["8 495 123-45-67"]


@pytest.mark.parametrize(("size", "aside"), [(1_000, set()), (5_000, {"read_body", "translate"})])
async def test_a_body_over_four_kib_is_read_aside(
    site: Site, monkeypatch: pytest.MonkeyPatch, size: int, aside: set[str]
) -> None:
    done: list[str] = []
    to_thread = asyncio.to_thread

    async def noting(function: Callable[..., object], *arguments: object) -> object:
        done.append(getattr(function, "__name__", ""))
        return await to_thread(function, *arguments)

    channel = await site.open_channel()
    monkeypatch.setattr(asyncio, "to_thread", noting)
    await site.accepted(channel, json={"message": "x" * size})
    assert {"read_body", "translate"} & set(done) == aside
