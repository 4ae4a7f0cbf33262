"""The administrators' page of the quarantine."""

from datetime import timedelta

import pytest
from fastapi.responses import JSONResponse

from shared.http.problems import problem
from shared.kernel.clock import utc_now
from tests.services.gateway.browser import Browser
from tests.services.gateway.owners import Owners
from tests.services.gateway.undelivered import EVENTS, QUARANTINE, event, say


@pytest.mark.feature("B04")
async def test_the_quarantine_is_listed_shown_and_read_again(admin: Browser, owners: Owners) -> None:
    item = event(asked_at="2026-05-01T09:00:00+00:00")
    say(owners, QUARANTINE, item)
    listed = (await admin.get(EVENTS)).text
    for words in (
        "Сайт: каталог",
        "KeyError at connectors.forms.reading:1",
        "2 попытки",
        "разбирается",
        "<h1>Карантин</h1>",
    ):
        assert words in listed
    shown = (await admin.get(f"{EVENTS}/{item['id']}")).text
    assert "{&#34;phone&#34;: &#34;1&#34;}" in shown
    assert "https://example.com/" in shown
    owners.refuse[f"{QUARANTINE}/{item['id']}/translate-again"] = JSONResponse({"asked": 1, "left": 1}, 202)
    await admin.send(f"{EVENTS}/{item['id']}/translate-again")
    assert "отправлено на повторный разбор" in (await admin.get(EVENTS)).text
    owners.refuse[f"{QUARANTINE}/translate-again"] = JSONResponse({"asked": 7, "left": 9}, 202)
    await admin.send(f"{EVENTS}/translate-again")
    assert "Отправлено на повторный разбор: 7</div>" in (await admin.get(EVENTS)).text
    await admin.send(f"{EVENTS}/{item['id']}/drop", {"reason": "спам"})
    assert owners.last(f"{QUARANTINE}/{item['id']}").method == "DELETE"


@pytest.mark.parametrize(("ago", "seconds"), [(5, 3), (300, 20)])
async def test_the_list_looks_again_soon_while_anything_was_just_asked_for(
    admin: Browser, owners: Owners, ago: int, seconds: int
) -> None:
    say(owners, QUARANTINE, event(asked_at=(utc_now() - timedelta(seconds=ago)).isoformat()))
    assert f'hx-trigger="every {seconds}s"' in (await admin.get(EVENTS)).text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("KeyError at connectors.forms.reading:1", "Сбой в коннекторе при разборе"),
        ("unreadable-form: Поля не прочитаны", "Коннектор не принял содержимое"),
    ],
)
async def test_why_something_is_here_is_said_in_the_readers_words(
    admin: Browser, owners: Owners, reason: str, words: str
) -> None:
    failed = {"kind": "failed", "at": "2026-05-02T09:00:00+00:00", "by": "", "reason": reason}
    item = event(reason=reason, acts=[failed])
    say(owners, QUARANTINE, item)
    assert words in (await admin.get(EVENTS)).text
    shown = (await admin.get(f"{EVENTS}/{item['id']}")).text
    assert words in shown
    assert "Снова не разобрано" in shown


async def test_a_refusal_of_the_quarantine_is_told_in_words(admin: Browser, owners: Owners) -> None:
    item = event()
    for verb in ("/translate-again", f"/{item['id']}/translate-again"):
        owners.refuse[f"{QUARANTINE}{verb}"] = problem(409, "quarantined-settled", "x")
        await admin.send(f"{EVENTS}{verb}")
        assert "уже всё решено" in (await admin.get(EVENTS)).text
    owners.refuse[f"{QUARANTINE}/{item['id']}"] = problem(404, "quarantined-not-found", "x")
    await admin.send(f"{EVENTS}/{item['id']}/drop", {"reason": "спам"})
    assert "Такого сообщения нет" in (await admin.get(EVENTS)).text
    answer = await admin.send(f"{EVENTS}/{item['id']}/drop")
    assert answer.headers["location"] == f"{EVENTS}/{item['id']}"
