"""The copy of channels and the look-up of a key that it does not have."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from connectors.forms.channel_lookup import (
    ChannelDisabledError,
    ChannelLookup,
    ChannelsAwayError,
    KeyUnknownError,
)
from connectors.forms.form_channel import FormChannel
from connectors.forms.known_channels import KnownChannels
from shared.contracts.channels import ChannelChanged
from shared.kernel.errors import BusyError, MissingError

KEY = "a-key-of-a-form"


def changed(channel_id: UUID | None = None, **values: Any) -> ChannelChanged:
    given = {
        "version": 1,
        "number": 1,
        "kind": "form",
        "provider": "generic",
        "name": "Сайт",
        "key": KEY,
        **values,
    }
    return ChannelChanged(channel_id=channel_id or uuid4(), **given)


def channel(**connection: Any) -> FormChannel:
    return FormChannel.of(changed(connection=connection))


class Owner:
    """Channels as a look-up sees it: counts the questions, answers when it is let."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def get(self, path: str) -> Any:
        """Answer a question."""
        self.asked.append(path)
        await self.may_answer.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def answer(**values: Any) -> dict[str, Any]:
    event = changed(**values).model_dump(mode="json")
    return {**event, "id": event["channel_id"]}


def test_only_the_greatest_version_counts() -> None:
    known, channel_id = KnownChannels(), uuid4()
    known.hear(changed(channel_id, version=2, status="disabled"))
    known.hear(changed(channel_id, version=1))
    found = known.get(KEY)
    assert found
    assert not found.is_active
    known.hear(changed(channel_id, version=3, key="another-key"))
    assert known.get(KEY) is None
    assert known.get("another-key")


def test_a_deleted_channel_does_not_come_back_with_an_older_event() -> None:
    known, channel_id = KnownChannels(), uuid4()
    known.hear(changed(channel_id, version=2))
    known.hear(changed(channel_id, version=3, deleted=True))
    known.hear(changed(channel_id, version=2))
    assert known.get(KEY) is None


def test_other_kinds_are_not_kept() -> None:
    known = KnownChannels()
    known.hear(changed(kind="vk", provider="vk"))
    assert len(known) == 0


def test_what_the_owners_list_no_longer_has_is_forgotten_but_what_came_meanwhile_stays() -> None:
    known, old, new = KnownChannels(), uuid4(), uuid4()
    known.hear(changed(old, key="old-key-of-form"))
    before = known.ids()
    known.hear(changed(new, key="new-key-of-form"))
    known.keep_only([], before)
    assert known.ids() == {new}
    assert known.get("old-key-of-form") is None


@pytest.mark.parametrize(
    ("given", "allowed", "refused"),
    [
        ([], ["https://any.example"], []),
        (["*"], ["https://any.example"], []),
        (
            ["https://Example.ru/"],
            ["https://example.ru"],
            ["http://example.ru", "https://www.example.ru", "null"],
        ),
        ("https://a.ru, https://b.ru:8443", ["https://a.ru", "https://b.ru:8443"], ["https://b.ru"]),
        (["example.ru"], ["https://example.ru", "http://example.ru"], ["https://example.ru.evil.com"]),
        ([{"a": 1}, 5, "https://a.ru"], ["https://a.ru"], ["https://b.ru"]),
        (["ftp://a.ru", "https://"], [], ["https://a.ru", "null"]),
        (["https://a.ru:443"], ["https://a.ru"], []),
    ],
)
def test_the_list_of_sites_may_be_written_in_many_ways(
    given: Any, allowed: list[str], refused: list[str]
) -> None:
    found = channel(origins=given)
    assert all(found.lets(origin) for origin in allowed)
    assert not any(found.lets(origin) for origin in refused)


def test_settings_of_a_wrong_kind_count_as_absent() -> None:
    found = channel(origins=5, redirect_url=["x"], honeypot={"a": 1})
    assert found.origins is None
    assert found.redirect_url == "x"
    assert found.traps == frozenset()
    assert channel(honeypot="Fax, url2").traps == {"fax", "url2"}


async def test_a_key_that_is_not_known_is_asked_for_once_by_all() -> None:
    owner = Owner(answer())
    owner.may_answer.clear()
    lookup = ChannelLookup(KnownChannels(), owner, within_s=5)
    asking = [asyncio.create_task(lookup.find(KEY)) for _ in range(50)]
    await asyncio.sleep(0.01)
    owner.may_answer.set()
    found = await asyncio.gather(*asking)
    assert len({item.id for item in found}) == 1
    assert owner.asked == [f"/internal/channels/by-key/{KEY}"]
    await lookup.find(KEY)
    assert len(owner.asked) == 1


async def test_an_absent_key_is_remembered_for_a_while() -> None:
    now = [0.0]
    owner = Owner(MissingError())
    lookup = ChannelLookup(KnownChannels(), owner, within_s=5, now=lambda: now[0])
    for _ in range(3):
        with pytest.raises(KeyUnknownError):
            await lookup.find(KEY)
    assert len(owner.asked) == 1
    now[0] = 60.0
    with pytest.raises(KeyUnknownError):
        await lookup.find(KEY)
    assert len(owner.asked) == 2


async def test_a_channel_that_is_made_meanwhile_is_found_at_once() -> None:
    known = KnownChannels()
    lookup = ChannelLookup(known, Owner(MissingError()), within_s=5)
    with pytest.raises(KeyUnknownError):
        await lookup.find(KEY)
    known.hear(changed())
    assert (await lookup.find(KEY)).key == KEY


@pytest.mark.parametrize(
    "key", ["short", "x" * 65, "../../etc", "ключ-ключ-ключ", "a b c d e f g", "%00%00%00%00%00"]
)
async def test_what_cannot_be_a_key_is_not_asked_for(key: str) -> None:
    owner = Owner(answer())
    with pytest.raises(KeyUnknownError):
        await ChannelLookup(KnownChannels(), owner, within_s=5).find(key)
    assert owner.asked == []


async def test_a_key_of_another_kind_of_channel_is_unknown() -> None:
    with pytest.raises(KeyUnknownError):
        await ChannelLookup(KnownChannels(), Owner(answer(kind="vk", provider="vk")), within_s=5).find(KEY)


async def test_a_disabled_channel_is_gone() -> None:
    with pytest.raises(ChannelDisabledError):
        await ChannelLookup(KnownChannels(), Owner(answer(status="disabled")), within_s=5).find(KEY)


@pytest.mark.parametrize(
    "said", [BusyError(), ValueError("no JSON"), {"kind": "form"}, {"kind": "form", "id": "x"}]
)
async def test_channels_that_do_not_answer_well_are_away(said: Any) -> None:
    lookup = ChannelLookup(KnownChannels(), Owner(said), within_s=5)
    with pytest.raises(ChannelsAwayError):
        await lookup.find(KEY)


async def test_channels_that_answer_too_late_are_away() -> None:
    owner = Owner(answer())
    owner.may_answer.clear()
    lookup = ChannelLookup(KnownChannels(), owner, within_s=0.05)
    with pytest.raises(ChannelsAwayError):
        await lookup.find(KEY)
    owner.may_answer.set()
    assert (await lookup.find(KEY)).key == KEY
