"""`POST /hooks/forms/{key}`: what is accepted, what comes of it, what the sender is told."""

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from shared.kernel.ids import inquiry_id
from tests.connectors.forms.samples import SAMPLES, URLENCODED, Sample
from tests.connectors.forms.site import Site
from tests.shared.waiting import eventually

PERSON = {"name": "Пётр", "phone": "89000000001"}
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
@pytest.mark.feature("S046")
@pytest.mark.feature("S019")
async def test_a_sample_becomes_an_inquiry_that_the_broker_holds(site: Site, sample: Sample) -> None:
    channel = await site.open_channel(provider=sample.provider)
    answer = await site.post(channel, content=sample.body, headers=sample.headers)
    assert answer.status_code == (200 if sample.provider == "tilda" else 202)
    inquiry = await site.intake.inquiry(answer.json()["inquiry_id"])
    assert inquiry.kind == "form"
    assert inquiry.channel_id == UUID(channel["id"])
    assert inquiry.sender.name == sample.said["name"]
    assert list(inquiry.sender.phones) == sample.said["phones"]
    assert inquiry.suspected_spam == sample.said.get("suspected_spam", False)
    assert inquiry.utm == sample.said.get("utm", {})
    if sample.external_id:
        assert inquiry.external_id == sample.external_id
    assert inquiry.raw.text == sample.body.decode()
    assert inquiry.raw.content_type == sample.headers["Content-Type"]


async def test_the_answer_names_the_inquiry_and_the_message_says_everything(
    site: Site, channel: dict[str, Any]
) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {
        "traceparent": traceparent,
        "User-Agent": "Mozilla/5.0",
        "Referer": "https://example.ru/p?utm_term=x",
    }
    answer = await site.post(channel, json=PERSON, headers=headers)
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    message = await site.intake.message(answer.json()["inquiry_id"])
    assert (message.message_id, message.type) == (
        answer.json()["inquiry_id"],
        "connectors.inquiry-received.v1",
    )
    envelope = await site.intake.envelope(answer.json()["inquiry_id"])
    assert envelope.source == "voronka/forms"
    assert envelope.traceparent == traceparent
    inquiry = envelope.data
    assert inquiry.inquiry_id == inquiry_id(inquiry.channel_id, inquiry.external_id)
    assert inquiry.occurred_at == inquiry.received_at
    assert (inquiry.ip, inquiry.user_agent) == ("127.0.0.1", "Mozilla/5.0")
    assert inquiry.page_url == "https://example.ru/p?utm_term=x"
    assert inquiry.utm == {"utm_term": "x"}


@pytest.mark.feature("S046")
async def test_a_form_is_accepted_right_after_its_channel_was_made_and_refused_right_after_it_was_disabled(
    site: Site,
) -> None:
    channel = await site.open_channel()
    assert (await site.post(channel, json=PERSON)).status_code == 202
    await site.change_channel(channel, status="disabled")

    async def refused() -> httpx2.Response | None:
        answer = await site.post(channel, json=PERSON)
        return None if answer.status_code == 202 else answer

    answer = await eventually(refused)
    assert answer
    assert answer.status_code == 410
    assert answer.json()["type"] == "urn:voronka:problem:channel-disabled"


async def test_unknown_keys_and_keys_of_other_kinds_are_not_found(site: Site) -> None:
    vk = await site.open_channel(kind="vk", provider="vk")
    for key in ("no-such-key-here", vk["key"], "x", "ключ"):
        answer = await site.post_to(key, json=PERSON)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:voronka:problem:unknown-key"


async def test_other_methods_are_refused(site: Site, channel: dict[str, Any]) -> None:
    answer = await site.http.get(f"{site.forms.url}/hooks/forms/{channel['key']}")
    assert answer.status_code == 405
    assert answer.json()["type"] == "urn:voronka:problem:method-not-allowed"


async def test_tildas_probe_is_answered_and_is_no_inquiry(site: Site) -> None:
    channel = await site.open_channel(provider="tilda")
    answer = await site.post(channel, content=b"test=test", headers={"Content-Type": URLENCODED})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert (await site.accepted(channel, data=PERSON)).channel_id == UUID(channel["id"])
    mine = [found for found in site.intake.messages.values() if channel["id"].encode() in found[0].body]
    assert len(mine) == 1


@pytest.mark.feature("B01")
async def test_repeats_of_one_event_are_one_inquiry(site: Site, channel: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    first = await site.post(channel, json=PERSON, headers=headers)
    again = await site.post(channel, json=PERSON, headers=headers)
    unquoted = await site.post(
        channel, json=PERSON, headers={"Idempotency-Key": headers["Idempotency-Key"][1:-1]}
    )
    assert first.json() == again.json() == unquoted.json()
    other = await site.post(await site.open_channel(), json=PERSON, headers=headers)
    assert other.json() != first.json()


@pytest.mark.parametrize(
    "form",
    [
        {"tranid": "5300:1", "formid": "form1", "phone": "89000000001"},
        {"submission_id": "s-1", "phone": "89000000001"},
    ],
)
async def test_the_number_of_a_post_makes_repeats_one_inquiry(
    site: Site, channel: dict[str, Any], form: dict[str, str]
) -> None:
    answers = [await site.post(channel, data=form) for _ in range(3)]
    assert len({answer.json()["inquiry_id"] for answer in answers}) == 1


async def test_posts_without_a_number_are_inquiries_of_their_own(site: Site, channel: dict[str, Any]) -> None:
    answers = [await site.post(channel, data=PERSON) for _ in range(3)]
    assert len({answer.json()["inquiry_id"] for answer in answers}) == 3


@pytest.mark.feature("B01")
async def test_a_thousand_repeats_at_once_are_one_inquiry(site: Site, channel: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": "a-thousand"}
    gate = asyncio.Semaphore(100)

    async def post(number: int) -> Any:
        async with gate:
            form = {**PERSON, "message": "одно" if number % 2 else "другое"}
            return await site.post(channel, json=form, headers=headers)

    answers = await asyncio.gather(*(post(number) for number in range(1_000)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["inquiry_id"] for answer in answers}) == 1
    inquiry = await site.intake.inquiry(answers[0].json()["inquiry_id"])
    assert inquiry.external_id == "a-thousand"
    assert len(site.intake.messages[inquiry.inquiry_id]) < 200  # those under way at once share one message


@pytest.mark.feature("B07")
async def test_nobody_to_answer_to_is_still_an_inquiry(site: Site, channel: dict[str, Any]) -> None:
    inquiry = await site.accepted(channel, json={"phone": "позвоните после 6", "Цвет": "красный"})
    assert inquiry.sender.phones == inquiry.sender.emails == ()
    assert [(field.label, field.value) for field in inquiry.fields] == [
        ("Телефон", "позвоните после 6"),
        ("Цвет", "красный"),
    ]


@pytest.mark.feature("B07")
async def test_the_same_person_twice_is_two_inquiries(site: Site, channel: dict[str, Any]) -> None:
    first = await site.accepted(channel, json=PERSON)
    second = await site.accepted(channel, json=PERSON)
    assert first.inquiry_id != second.inquiry_id
    assert first.sender == second.sender


async def test_a_trap_of_the_channels_own_is_heeded(site: Site) -> None:
    channel = await site.open_channel(connection={"honeypot": ["fax2"]})
    assert (await site.accepted(channel, json={**PERSON, "fax2": "x"})).suspected_spam
    assert not (await site.accepted(channel, json={**PERSON, "fax2": ""})).suspected_spam


async def test_an_address_that_posts_too_often_is_told_when_to_come_back(
    site: Site, channel: dict[str, Any]
) -> None:
    crowd = {"X-Forwarded-For": "203.0.113.77"}
    answers = [await site.post(channel, json=PERSON, headers=crowd) for _ in range(63)]
    assert [answer.status_code for answer in answers[:60]] == [202] * 60
    refused = answers[-1]
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.json()["type"] == "urn:voronka:problem:too-many-requests"
    other = await site.accepted(channel, json=PERSON, headers={"X-Forwarded-For": "203.0.113.78"})
    assert other.ip == "203.0.113.78"
