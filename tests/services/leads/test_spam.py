"""Spam: who is marked opens no leads, and is heard again as soon as the mark is taken off (S008)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.leads.domain.reason import SPAM_REASON
from shared.kernel.clock import utc_now
from tests.services.leads.desk import Desk


async def _marked(desk: Desk, *phones: str, **changes: Any) -> dict[str, Any]:
    """Return a lead that was rejected as spam."""
    lead = await desk.lead_of(await desk.post(*phones, **changes))
    answer = await desk.do(lead, "mark-spam", desk.as_(desk.anna), {"comment": "продаёт базы"})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def _keys(desk: Desk, **params: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/api/v1/spam-keys", params=params, headers=desk.as_(uuid4(), "all"))
    found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return found


async def _take_off(desk: Desk, kind: str, value: str) -> int:
    path = f"/api/v1/spam-keys/{kind}/{value}"
    answer = await desk.http.delete(path, headers=desk.as_(uuid4(), "all"))
    return int(answer.raise_for_status().json()["decided"])


@pytest.mark.feature("S008")
async def test_a_lead_marked_as_spam_is_rejected_and_its_sender_opens_no_more(desk: Desk) -> None:
    lead = await _marked(desk, "+79000000601", emails=("promo@spam.example",))
    assert lead["status"] == "rejected"
    assert lead["rejection"]["reason_id"] == str(SPAM_REASON)
    assert lead["rejection"]["reason"]
    assert lead["rejection"]["comment"] == "продаёт базы"
    for again in (await desk.post("8 900 000-06-01"), await desk.post(emails=("Promo@spam.example",))):
        kept = await desk.inquiry(again)
        assert (kept["lead_id"], kept["decision"]["rule"]) == (None, "spam")
    history = await desk.http.get(f"/api/v1/leads/{lead['id']}/history", headers=desk.as_(desk.anna))
    entry = history.json()["items"][0]
    assert (entry["kind"], entry["data"]) == ("rejected", {"comment": "продаёт базы", "spam": True})


@pytest.mark.feature("S008")
async def test_a_known_contact_whose_phone_stood_in_spam_is_heard_as_before(desk: Desk) -> None:
    await desk.know("Ирина Власова", ("phone", "+79000000691"))
    await _marked(desk, "+79000000690", "+79000000691")
    assert {item["value"] for item in await _keys(desk, value="79000000690,79000000691")} == {"79000000690"}
    assert (await desk.lead_of(await desk.post("+79000000691")))["status"] == "new"


@pytest.mark.feature("S008")
async def test_the_list_says_who_marked_which_key_and_when(desk: Desk) -> None:
    lead = await _marked(desk, "+79000000602", emails=("bulk@spam.example",))
    found = {item["value"]: item for item in await _keys(desk, value="79000000602,bulk@spam.example")}
    assert found.keys() == {"79000000602", "bulk@spam.example"}
    phone = found["79000000602"]
    assert (phone["kind"], phone["lead_id"], phone["marked_by_name"]) == (
        "phone",
        lead["id"],
        "Анна Смирнова",
    )
    assert phone["marked_at"] == lead["closed_at"]
    assert [item["value"] for item in await _keys(desk, q="bulk@")] == ["bulk@spam.example"]


@pytest.mark.feature("S008")
async def test_taking_the_mark_off_makes_leads_of_what_was_kept_as_of_its_arrival(desk: Desk) -> None:
    await _marked(desk, "+79000000603")
    came = utc_now() - timedelta(days=3)
    first = await desk.post("+79000000603", name="Всё же клиент", received_at=came, text="Нужна кровля")
    second = await desk.post("+79000000603", text="Вы меня слышите?")
    old = await desk.post("+79000000603", received_at=came - timedelta(days=40))
    for inquiry_id in (first, second, old):
        assert (await desk.inquiry(inquiry_id))["lead_id"] is None
    assert await _take_off(desk, "phone", "79000000603") == 2
    lead = await desk.lead_of(first)
    assert (lead["name"], lead["status"], lead["inquiries_count"]) == ("Всё же клиент", "new", 2)
    assert lead["created_at"] == came.isoformat().replace("+00:00", "Z")
    assert (await desk.lead_of(second))["id"] == lead["id"]
    assert (await desk.inquiry(old))["decision"]["rule"] == "spam"
    answer = await desk.http.get(f"/api/v1/inquiries/{first}/decisions", headers=desk.as_(uuid4(), "all"))
    assert [(item["seq"], item["rule"]) for item in answer.json()["items"]] == [(2, "new"), (1, "spam")]
    assert await _keys(desk, value="79000000603") == []
    assert (await desk.lead_of(await desk.post("+79000000603")))["id"] == lead["id"]
    assert await _take_off(desk, "phone", "79000000603") == 0


@pytest.mark.feature("S008")
async def test_who_is_spam_by_another_key_too_stays_so(desk: Desk) -> None:
    await _marked(desk, "+79000000604", emails=("both@spam.example",))
    kept = await desk.post("+79000000604", emails=("both@spam.example",))
    assert (await desk.inquiry(kept))["lead_id"] is None
    assert await _take_off(desk, "phone", "79000000604") == 0
    found = await desk.inquiry(kept)
    assert (found["lead_id"], found["decision"]["matched"][0]["value"]) == (None, "both@spam.example")
    assert await _take_off(desk, "email", "both@spam.example") == 1
    assert (await desk.lead_of(kept))["phones"] == ["+79000000604"]


@pytest.mark.feature("S008")
async def test_a_lead_opened_again_gets_what_its_client_wrote_meanwhile(desk: Desk) -> None:
    lead = await _marked(desk, "+79000000605")
    kept = await desk.post("+79000000605", text="Я не спам!")
    assert (await desk.inquiry(kept))["lead_id"] is None
    opened = (await desk.do(lead, "reopen", desk.as_(desk.anna))).raise_for_status()
    assert (opened.json()["status"], opened.json()["inquiries_count"]) == ("new", 2)
    assert opened.headers["etag"] == f'"{opened.json()["version"]}"'
    assert (await desk.inquiry(kept))["lead_id"] == lead["id"]
    assert await _keys(desk, value="79000000605") == []


async def test_spam_is_listed_and_cleared_only_by_who_may_see_everything(desk: Desk) -> None:
    own = desk.as_(desk.anna)
    assert (await desk.http.get("/api/v1/spam-keys", headers=own)).status_code == 403
    assert (await desk.http.delete("/api/v1/spam-keys/phone/1", headers=own)).status_code == 403
    unit = desk.keys.unit("gateway")
    assert (await desk.http.get("/api/v1/spam-keys", headers=unit)).status_code == 200
    assert (await desk.http.delete("/api/v1/spam-keys/phone/1", headers=unit)).status_code == 403
    boss = desk.as_(uuid4(), "all")
    assert (await desk.http.delete("/api/v1/spam-keys/moon/1", headers=boss)).status_code == 400
    assert (await desk.http.delete("/api/v1/spam-keys/phone/%00", headers=boss)).status_code == 400


async def test_all_phones_of_a_lead_are_marked_also_those_that_another_lead_holds(desk: Desk) -> None:
    first = await desk.post("+79000000607")
    holder = await desk.lead_of(first)
    body = {"lead_id": None, "reason": "не он"}
    moved = await desk.http.post(f"/api/v1/inquiries/{first}/move", json=body, headers=desk.as_(desk.anna))
    own = await desk.lead(moved.raise_for_status().json()["lead_id"])
    await desk.do(own, "mark-spam", desk.as_(desk.anna))
    assert [item["value"] for item in await _keys(desk, value="79000000607")] == ["79000000607"]
    assert (await desk.inquiry(await desk.post("+79000000607")))["decision"]["rule"] == "spam"
    (await desk.do(own, "reopen", desk.as_(desk.anna))).raise_for_status()
    assert (await desk.lead_of(await desk.post("+79000000607")))["id"] == holder["id"]


async def test_a_closed_lead_is_not_marked(desk: Desk) -> None:
    lead = await _marked(desk, "+79000000606")
    refused = await desk.do(lead, "mark-spam", desk.as_(desk.anna))
    assert (refused.status_code, refused.json()["lead_status"]) == (409, "rejected")
