"""«Ответил»: the wait of a client ends, and the first answer is kept with its time."""

import asyncio
from typing import Any, cast

import aio_pika
import orjson
from aio_pika.abc import AbstractIncomingMessage

from shared.messaging import topology
from tests.services.leads.desk import Desk
from tests.shared.waiting import eventually


async def _history(desk: Desk, lead: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await desk.http.get(f"/api/v1/leads/{lead['id']}/history", headers=desk.as_(desk.anna))
    found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return found


async def _claimed_and_waiting(desk: Desk, phone: str) -> dict[str, Any]:
    """Return a lead in work whose client wrote again."""
    lead = await desk.lead_of(await desk.post(phone))
    await desk.do(lead, "claim", desk.as_(desk.anna))
    return await desk.lead_of(await desk.post(phone, text="когда ответите?"))


async def test_a_client_who_wrote_again_waits_until_somebody_has_answered(desk: Desk) -> None:
    lead = await _claimed_and_waiting(desk, "+79000000501")
    assert lead["waiting_since"]
    answered = (await desk.do(lead, "answered", desk.as_(desk.anna))).raise_for_status()
    assert answered.json()["waiting_since"] is None
    assert answered.json()["first_response_at"]
    assert answered.headers["etag"] == f'"{lead["version"] + 1}"'
    entry = (await _history(desk, lead))[0]
    assert (entry["kind"], entry["actor"]["name"]) == ("answered", "Анна Смирнова")
    assert entry["at"] == answered.json()["first_response_at"]


async def test_later_answers_leave_the_time_of_the_first_one(desk: Desk) -> None:
    lead = await _claimed_and_waiting(desk, "+79000000502")
    first = (await desk.do(lead, "answered", desk.as_(desk.anna))).json()
    await desk.lead_of(await desk.post("+79000000502", text="и ещё вопрос"))
    second = (await desk.do(lead, "answered", desk.as_(desk.anna))).json()
    assert second["waiting_since"] is None
    assert second["first_response_at"] == first["first_response_at"]
    assert [item["kind"] for item in await _history(desk, lead)] == [
        "answered",
        "answered",
        "claimed",
        "created",
    ]


async def test_an_answer_is_taken_back_with_the_wait_as_it_was_while_nothing_else_was_done(
    desk: Desk,
) -> None:
    lead = await desk.lead_of(await desk.post("+79000000506"))
    await desk.do(lead, "answered", desk.as_(desk.anna))
    back = (await desk.do(lead, "not-answered", desk.as_(desk.anna))).raise_for_status().json()
    assert (back["waiting_since"], back["first_response_at"]) == (lead["waiting_since"], None)
    assert [item["kind"] for item in await _history(desk, lead)] == [
        "answer_taken_back",
        "answered",
        "created",
    ]
    refused = await desk.do(lead, "not-answered", desk.as_(desk.anna))
    assert (refused.status_code, refused.json()["title"]) == (409, "lead-wrong-state")
    await desk.do(lead, "answered", desk.as_(desk.anna))
    await desk.do(lead, "claim", desk.as_(desk.anna))
    assert (await desk.do(lead, "not-answered", desk.as_(desk.anna))).status_code == 409


async def test_taking_back_a_later_answer_leaves_the_first_one_and_a_wait_that_began_since(
    desk: Desk,
) -> None:
    lead = await _claimed_and_waiting(desk, "+79000000507")
    first = (await desk.do(lead, "answered", desk.as_(desk.anna))).json()
    again = await desk.lead_of(await desk.post("+79000000507", text="и ещё вопрос"))
    await desk.do(lead, "answered", desk.as_(desk.anna))
    back = (await desk.do(lead, "not-answered", desk.as_(desk.anna))).raise_for_status().json()
    assert back["waiting_since"] == again["waiting_since"]
    assert back["first_response_at"] == first["first_response_at"]


async def test_answering_twice_at_once_is_noted_once(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000503"))
    answers = await asyncio.gather(
        desk.do(lead, "answered", desk.as_(desk.anna)), desk.do(lead, "answered", desk.as_(desk.boris))
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["version"] for answer in answers} == {lead["version"] + 1}
    assert [item["kind"] for item in await _history(desk, lead)] == ["answered", "created"]


async def test_a_closed_lead_is_not_answered_and_a_stale_version_is_refused(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000504"))
    stale = await desk.do(lead, "answered", {**desk.as_(desk.anna), "If-Match": '"9"'})
    assert (stale.status_code, stale.json()["current"]["id"]) == (412, lead["id"])
    await desk.do(lead, "reject", desk.as_(desk.anna))
    refused = await desk.do(lead, "answered", desk.as_(desk.anna))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":lead-wrong-state")
    assert refused.json()["lead_status"] == "rejected"


async def test_everybody_who_sees_the_lead_is_told_of_the_answer(desk: Desk) -> None:
    lead = await desk.lead_of(await desk.post("+79000000505"))
    async with await aio_pika.connect(desk.running.settings.amqp_url) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        await queue.bind(topology.EVENTS, "leads.lead-changed.v1")
        await desk.do(lead, "answered", desk.as_(desk.boris))

        async def arrived() -> AbstractIncomingMessage | None:
            return await queue.get(no_ack=True, fail=False)

        message: Any = await eventually(cast("Any", arrived))
    data = orjson.loads(message.body)["data"]
    assert (data["lead_id"], data["version"]) == (lead["id"], lead["version"] + 1)
    assert data["actor_id"] == str(desk.boris)
    assert data["audience"]["roles"] == [str(desk.role)]
