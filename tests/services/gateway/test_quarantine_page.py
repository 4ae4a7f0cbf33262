"""The administrators' page of the quarantine."""

import pytest
from fastapi.responses import JSONResponse

from shared.http.problems import problem
from tests.services.gateway.browser import Browser
from tests.services.gateway.owners import Owners
from tests.services.gateway.undelivered import EVENTS, QUARANTINE, event, say


@pytest.mark.feature("B04")
async def test_the_quarantine_is_listed_shown_and_read_again(admin: Browser, owners: Owners) -> None:
    item = event(asked_at="2026-05-01T09:00:00+00:00")
    say(owners, QUARANTINE, item)
    listed = (await admin.get(EVENTS)).text
    for words in ("Сайт: каталог", "KeyError at connectors.forms.reading:1", "2 попытки", "разбирается"):
        assert words in listed
    shown = (await admin.get(f"{EVENTS}/{item['id']}")).text
    assert "{&#34;phone&#34;: &#34;1&#34;}" in shown
    assert "https://example.com/" in shown
    owners.refuse[f"{QUARANTINE}/{item['id']}/translate-again"] = JSONResponse({"asked": 1, "left": 1}, 202)
    await admin.send(f"{EVENTS}/{item['id']}/translate-again")
    assert "отправлено на повторный разбор" in (await admin.get(EVENTS)).text
    owners.refuse[f"{QUARANTINE}/translate-again"] = JSONResponse({"asked": 7, "left": 9}, 202)
    await admin.send(f"{EVENTS}/translate-again")
    assert "Отправлено: 7. Осталось: 9." in (await admin.get(EVENTS)).text
    await admin.send(f"{EVENTS}/{item['id']}/drop", {"reason": "спам"})
    assert owners.last(f"{QUARANTINE}/{item['id']}").method == "DELETE"


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
