"""What people do with leads, through the API, with the real database."""

import asyncio
from uuid import uuid4

import httpx2
import pytest

from services.leads.adapters.tables import leads
from tests.services.leads.desk import Desk, grants


async def _reason(desk: Desk) -> str:
    answer = await desk.http.get("/api/v1/rejection-reasons?is_active=true", headers=desk.as_(desk.anna))
    return str(answer.raise_for_status().json()["items"][0]["id"])


@pytest.mark.feature("S058")
async def test_of_two_managers_who_claim_at_once_one_gets_the_lead_and_the_other_is_told_by_whom(
    desk: Desk,
) -> None:
    for turn in range(5):
        lead = await desk.lead_of(await desk.post(f"+790000010{turn:02}"))
        answers = await asyncio.gather(
            desk.do(lead, "claim", desk.as_(desk.anna)), desk.do(lead, "claim", desk.as_(desk.boris))
        )
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        owner = won.json()["responsible"]
        assert owner["id"] in {str(desk.anna), str(desk.boris)}
        problem = lost.json()
        assert problem["type"].endswith(":lead-already-claimed")
        assert problem["claimed_by"] == {"id": owner["id"], "name": owner["name"]}
        assert owner["name"] in problem["detail"]


async def test_claiming_ones_own_lead_again_changes_nothing(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000111"))
    first = await desk.do(lead, "claim", desk.as_(desk.anna))
    again = await desk.do(lead, "claim", desk.as_(desk.anna))
    assert again.json() == first.json()
    assert first.headers["etag"] == '"2"'


@pytest.mark.feature("S060")
@pytest.mark.feature("S071")
async def test_a_lead_goes_from_hand_to_hand_and_its_history_names_who_when_and_why(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000112"))
    await desk.do(lead, "claim", desk.as_(desk.anna))
    to = {"to": {"type": "employee", "id": str(desk.boris)}, "reason": "его клиент"}
    handed = await desk.do(lead, "hand-over", desk.as_(desk.anna), to)
    assert handed.json()["responsible"]["name"] == "Борис Орлов"
    back = await desk.do(lead, "give-back", desk.as_(desk.boris), {"reason": "в отпуске"})
    assert (back.json()["status"], back.json()["responsible"]["name"]) == ("new", "Розница")
    answer = await desk.http.get(f"/api/v1/leads/{lead['id']}/history", headers=desk.as_(desk.anna))
    entries = answer.json()["items"]
    assert [item["kind"] for item in entries] == ["given_back", "handed_over", "claimed", "created"]
    assert [item["actor"]["name"] for item in entries] == [
        "Борис Орлов",
        "Анна Смирнова",
        "Анна Смирнова",
        "",
    ]
    assert (entries[0]["reason"], entries[1]["reason"]) == ("в отпуске", "его клиент")
    assert entries[1]["data"]["to"]["name"] == "Борис Орлов"
    assert entries[3]["data"]["responsible"]["name"] == "Розница"


@pytest.mark.feature("S065")
@pytest.mark.feature("S066")
@pytest.mark.feature("S068")
async def test_a_channel_that_demands_a_reason_gets_one(desk: Desk) -> None:
    strict = uuid4()
    await desk.open_channel(strict, reason_required=True)
    lead = await desk.lead_of(await desk.post("+79000000113"))
    async with desk.running.app.engine.begin() as connection:
        await connection.execute(leads.update().where(leads.c.id == lead["id"]).values(channel_id=strict))
    await desk.settled(lambda: _refused(desk, lead))
    rejected = await desk.do(
        lead,
        "reject",
        desk.as_(desk.anna),
        {"reason_id": await _reason(desk), "comment": "просил не звонить"},
    )
    assert rejected.json()["status"] == "rejected"
    assert rejected.json()["rejection"]["comment"] == "просил не звонить"
    assert rejected.json()["rejection"]["reason"]


async def _refused(desk: Desk, lead: dict[str, object]) -> bool:
    answer = await desk.do(lead, "reject", desk.as_(desk.anna), {})
    if answer.is_success:  # the settings have not arrived yet: open it again
        await desk.do(lead, "reopen", desk.as_(desk.anna))
        return False
    assert answer.json()["type"].endswith(":rejection-reason-required")
    return True


@pytest.mark.feature("S069")
async def test_without_the_switch_a_reason_can_still_be_given_or_left_out(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000114"))
    rejected = await desk.do(lead, "reject", desk.as_(desk.anna))
    assert rejected.json()["rejection"] == {"reason_id": None, "reason": "", "comment": ""}
    unknown = await desk.lead_of(await desk.post("+79000000115"))
    answer = await desk.do(unknown, "reject", desk.as_(desk.anna), {"reason_id": str(uuid4())})
    assert answer.status_code == 404


async def test_a_rejected_lead_frees_its_keys_and_cannot_be_opened_onto_taken_ones(desk: Desk) -> None:
    first = await desk.lead_of(await desk.post("+79000000116"))
    await desk.do(first, "reject", desk.as_(desk.anna))
    second = await desk.lead_of(await desk.post("+79000000116"))
    assert second["id"] != first["id"]
    refused = await desk.do(first, "reopen", desk.as_(desk.anna))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":key-taken")
    assert (refused.json()["lead_id"], refused.json()["lead_number"]) == (second["id"], second["number"])
    await desk.do(second, "reject", desk.as_(desk.anna))
    opened = await desk.do(first, "reopen", desk.as_(desk.anna), {"reason": "позвонил снова"})
    assert opened.json()["status"] == "new"
    again = await desk.lead_of(await desk.post("+79000000116"))
    assert again["id"] == first["id"]


@pytest.mark.feature("B06")
async def test_an_inquiry_is_moved_by_hand_and_the_record_keeps_both_decisions(desk: Desk) -> None:
    target = await desk.lead_of(await desk.post("+79000000117"))
    moved_id = await desk.post("+79000000118", text="это тот же человек")
    source = await desk.lead_of(moved_id)
    body = {"lead_id": target["id"], "reason": "один и тот же клиент"}
    answer = await desk.http.post(
        f"/api/v1/inquiries/{moved_id}/move", json=body, headers=desk.as_(desk.anna)
    )
    assert answer.raise_for_status().json() == {"lead_id": target["id"]}
    assert (await desk.lead(target["id"]))["inquiries_count"] == 2
    assert (await desk.lead(source["id"]))["inquiries_count"] == 0
    decisions = await desk.http.get(f"/api/v1/inquiries/{moved_id}/decisions", headers=desk.as_(desk.anna))
    assert [(item["rule"], item["reason"]) for item in decisions.json()["items"]] == [
        ("manual", "один и тот же клиент"),
        ("new", ""),
    ]


async def test_the_wait_goes_along_with_the_inquiry_that_is_moved(desk: Desk) -> None:
    target = await desk.lead_of(await desk.post("+79000000126"))
    await desk.do(target, "claim", desk.as_(desk.anna))
    moved_id = await desk.post("+79000000127")
    source = await desk.lead_of(moved_id)
    assert source["waiting_since"]
    path, who = f"/api/v1/inquiries/{moved_id}/move", desk.as_(desk.anna)
    (
        await desk.http.post(path, json={"lead_id": target["id"], "reason": "его письмо"}, headers=who)
    ).raise_for_status()
    assert (await desk.lead(source["id"]))["waiting_since"] is None
    assert (await desk.lead(target["id"]))["waiting_since"] == source["waiting_since"]
    await desk.do(target, "answered", who)
    (
        await desk.http.post(path, json={"lead_id": source["id"], "reason": "нет, не его"}, headers=who)
    ).raise_for_status()
    assert (await desk.lead(source["id"]))["waiting_since"] is None


async def test_a_moved_inquiry_may_get_a_lead_of_its_own(desk: Desk) -> None:
    await desk.post("+79000000119", text="первое")
    second = await desk.post("8 (900) 000-01-19", text="второе, от другого человека")
    lead = await desk.lead_of(second)
    answer = await desk.http.post(
        f"/api/v1/inquiries/{second}/move",
        json={"lead_id": None, "reason": "другой человек"},
        headers=desk.as_(desk.anna),
    )
    own = await desk.lead(answer.raise_for_status().json()["lead_id"])
    assert own["id"] != lead["id"]
    assert own["phones"] == ["+79000000119"]
    assert (own["status"], own["inquiries_count"], own["text"]) == ("new", 1, "второе, от другого человека")
    without = await desk.http.post(
        f"/api/v1/inquiries/{second}/move", json={"lead_id": None, "reason": " "}, headers=desk.as_(desk.anna)
    )
    assert without.status_code == 400


async def test_a_change_made_meanwhile_is_refused_with_the_present_state(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000120"))
    who = {**desk.as_(desk.anna), "If-Match": '"7"'}
    refused = await desk.do(lead, "claim", who)
    assert refused.status_code == 412
    assert (refused.json()["current"]["id"], refused.json()["current"]["version"]) == (lead["id"], 1)
    assert (await desk.do(lead, "claim", {**who, "If-Match": '"1"'})).status_code == 200


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("claim", None),
        ("answered", None),
        ("give-back", None),
        ("hand-over", {"to": {"type": "role", "id": str(uuid4())}}),
        ("reject", None),
        ("mark-spam", None),
        ("reopen", None),
    ],
)
async def test_who_has_no_right_is_refused_and_who_may_not_see_it_finds_nothing(
    desk: Desk, verb: str, body: object
) -> None:
    lead = await desk.lead_of(await desk.post("+79000000121"))
    nobody = desk.as_(uuid4(), grants=grants("own", ("read",)))
    assert (await desk.do(lead, verb, nobody, body)).status_code == 403
    stranger = desk.as_(uuid4(), roles=[])
    assert (await desk.do(lead, verb, stranger, body)).status_code == 404
    assert (await desk.do(lead, verb, desk.keys.unit("gateway"), body)).status_code == 403
    assert (await desk.do(lead, verb, {}, body)).status_code == 401
    assert (await desk.lead(lead["id"]))["version"] == lead["version"]


async def test_a_lead_is_not_handed_to_somebody_who_does_not_take_leads(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000122"))
    answer = await desk.do(
        lead, "hand-over", desk.as_(desk.anna), {"to": {"type": "employee", "id": str(uuid4())}}
    )
    assert answer.json()["type"].endswith(":assignee-unknown")
    assert (
        await desk.do(lead, "hand-over", desk.as_(desk.anna), {"to": {"type": "moon", "id": "1"}})
    ).status_code == 400


async def test_only_the_eyes_of_the_responsible_clear_the_unread_counter(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000123"))
    assert (await desk.do(lead, "read", desk.as_(desk.anna))).json()["unread_count"] == 1
    await desk.do(lead, "claim", desk.as_(desk.anna))
    await desk.lead_of(await desk.post("+79000000123", text="ещё вопрос"))
    assert (await desk.lead(lead["id"]))["unread_count"] == 1
    seen = await desk.do(lead, "read", desk.as_(desk.anna))
    assert (seen.json()["unread_count"], seen.json()["text"]) == (0, "ещё вопрос")


@pytest.mark.feature("S067")
async def test_the_reasons_are_a_directory_that_an_administrator_edits(desk: Desk) -> None:
    boss = desk.keys.employee(uuid4(), grants={"reasons.read": "all", "reasons.edit": "all"})
    made = await desk.http.post("/api/v1/rejection-reasons", json={"name": "Ушёл в отпуск"}, headers=boss)
    assert made.status_code == 201
    reason = made.json()
    path = f"/api/v1/rejection-reasons/{reason['id']}"
    assert (await desk.http.patch(path, json={"name": "x"}, headers=boss)).status_code == 428
    changed = await desk.http.patch(path, json={"is_active": False}, headers={**boss, "If-Match": '"1"'})
    assert (changed.json()["is_active"], changed.json()["version"]) == (False, 2)
    stale = await desk.http.patch(path, json={"name": "x"}, headers={**boss, "If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "Ушёл в отпуск")
    manager: httpx2.Response = await desk.http.post(
        "/api/v1/rejection-reasons", json={"name": "x"}, headers=desk.as_(desk.anna)
    )
    assert manager.status_code == 403


async def test_rejecting_with_a_version_never_deadlocks_with_intake(desk: Desk) -> None:
    leads_ = [await desk.lead_of(await desk.post(f"+7900002{n:04}")) for n in range(20)]

    async def reject(lead: dict[str, object]) -> int:
        who = {**desk.as_(desk.anna), "If-Match": f'"{lead["version"]}"'}
        return (await desk.do(lead, "reject", who)).status_code

    posts = [desk.post(f"+7900002{n:04}") for n in range(20) for _ in range(3)]
    codes, sent = await asyncio.gather(asyncio.gather(*map(reject, leads_)), asyncio.gather(*posts))
    assert set(codes) <= {200, 412}
    for inquiry_id in sent:
        assert (await desk.inquiry(inquiry_id))["lead_id"]


async def test_what_was_kept_without_a_lead_is_not_moved_by_who_may_not_see_it(desk: Desk) -> None:
    kept = await desk.post("+79000000124", suspected_spam=True)
    assert (await desk.inquiry(kept))["lead_id"] is None
    body = {"lead_id": None, "reason": "хочу посмотреть"}
    own = await desk.http.post(f"/api/v1/inquiries/{kept}/move", json=body, headers=desk.as_(desk.anna))
    assert own.status_code == 404
    boss = await desk.http.post(f"/api/v1/inquiries/{kept}/move", json=body, headers=desk.as_(uuid4(), "all"))
    assert boss.status_code == 200


async def test_the_owner_is_named_only_to_those_who_saw_the_lead_before(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000125"))
    await desk.do(lead, "claim", desk.as_(desk.anna))
    assert (await desk.do(lead, "claim", desk.as_(desk.boris))).status_code == 409
    assert (await desk.do(lead, "claim", desk.as_(uuid4(), roles=[]))).status_code == 404
