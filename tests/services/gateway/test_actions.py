"""What a reader does with a lead: the answer for scripts, the way back without them."""

from datetime import UTC, datetime
from uuid import uuid4

import orjson
import pytest
from fastapi.responses import JSONResponse

from shared.http.problems import problem
from tests.services.gateway.browser import Browser, json_of
from tests.services.gateway.company import Json, Person, lead, taken
from tests.services.gateway.owners import Owners


@pytest.fixture
def one(owners: Owners) -> Json:
    """Return the only lead, a new one."""
    owners.leads.append(lead(5))
    return owners.leads[0]


@pytest.mark.feature("S058")
async def test_taking_a_lead_answers_with_its_card_and_a_way_back(
    browser: Browser, one: Json, anna: Person
) -> None:
    body = json_of(await browser.act(f"/leads/{one['id']}/claim"))
    assert body["ok"] is True
    assert body["toast"] == "Лид принят"
    assert body["undo"] == {"action": "give-back", "label": "Отменить"}
    assert (body["card"]["column"], body["card"]["version"], body["gone"]) == ("today", 2, False)
    assert one["responsible"]["id"] == str(anna.id)


async def test_an_answer_ends_the_wait_and_is_no_more_offered(browser: Browser, one: Json) -> None:
    page = f"/leads/{one['id']}"
    assert f"{page}/answered" in (await browser.get(page)).text
    body = json_of(await browser.act(f"{page}/answered"))
    assert (body["toast"], body["undo"]) == (
        "Ответ клиенту отмечен",
        {"action": "not-answered", "label": "Отменить"},
    )
    assert "data-waits" not in body["card"]["html"]
    assert f"{page}/answered" not in (await browser.get(page)).text


@pytest.mark.feature("S071", "S065")
async def test_rejecting_passes_reason_and_comment_on(browser: Browser, owners: Owners, one: Json) -> None:
    reason = str(uuid4())
    form = {"reason_id": reason, "comment": "нашёл дешевле"}
    body = json_of(await browser.act(f"/leads/{one['id']}/reject", form))
    assert body["card"]["column"] == "rejected"
    assert body["undo"]["action"] == "reopen"
    asked = owners.last(f"/api/v1/leads/{one['id']}/reject")
    assert orjson.loads(asked.body) == {"reason_id": reason, "comment": "нашёл дешевле"}


@pytest.mark.feature("S008")
async def test_marking_spam_asks_first_and_can_be_taken_back(
    browser: Browser, owners: Owners, one: Json
) -> None:
    dialog = await browser.part(f"/leads/{one['id']}/dialogs/mark-spam")
    assert "Это спам?" in dialog.text
    assert "+7 (921) 447-00-05" in dialog.text
    body = json_of(await browser.act(f"/leads/{one['id']}/mark-spam", {"comment": "базы"}))
    assert (body["toast"], body["card"]["column"]) == ("Лид отклонён как спам", "rejected")
    assert body["undo"] == {"action": "reopen", "label": "Отменить"}
    assert orjson.loads(owners.last(f"/api/v1/leads/{one['id']}/mark-spam").body) == {"comment": "базы"}


@pytest.mark.feature("S071", "S060")
async def test_handing_over_names_the_new_responsible(browser: Browser, owners: Owners, one: Json) -> None:
    target = str(uuid4())
    form = {"to": f"role:{target}", "reason": "отпуск"}
    body = json_of(await browser.act(f"/leads/{one['id']}/hand-over", form))
    assert body["toast"] == "Лид передан: Иван Петров"
    assert body["undo"] is None
    asked = owners.last(f"/api/v1/leads/{one['id']}/hand-over")
    assert orjson.loads(asked.body) == {"to": {"type": "role", "id": target}, "reason": "отпуск"}


@pytest.mark.parametrize("to", ["", "employee:", "nobody:1", "1"])
async def test_handing_over_to_nobody_asks_for_somebody(
    browser: Browser, owners: Owners, one: Json, to: str
) -> None:
    answer = await browser.act(f"/leads/{one['id']}/hand-over", {"to": to})
    assert answer.status_code == 400
    assert answer.json()["error"] == "Выберите, кому передать."
    assert owners.count(f"/api/v1/leads/{one['id']}/hand-over") == 0


async def test_a_lead_that_leaves_the_chosen_board_is_gone(browser: Browser, one: Json) -> None:
    body = json_of(await browser.act(f"/leads/{one['id']}/claim?q=Nobody"))
    assert body["gone"] is True
    assert body["card"] is None


async def test_no_way_back_is_offered_that_the_reader_may_not_go(
    browser: Browser, one: Json, anna: Person, owners: Owners
) -> None:
    del anna.grants["leads.assign"]
    await browser.log_in("anna")
    assert json_of(await browser.act(f"/leads/{one['id']}/claim"))["undo"] is None
    assert owners.leads[0]["status"] == "in_work"


CLAIMED_AT = datetime(2026, 11, 24, 9, 4, tzinfo=UTC).isoformat()


@pytest.mark.parametrize(
    ("refusal", "code", "text"),
    [
        (
            problem(
                409,
                "lead-already-claimed",
                "Taken.",
                claimed_by={"id": "1", "name": "Иван Петров"},
                claimed_at=CLAIMED_AT,
            ),
            409,
            "Лид уже взял Иван Петров в",
        ),
        (problem(409, "lead-already-claimed", "Taken."), 409, "Лид уже изменён: сейчас он «В работе»"),
        (
            problem(409, "lead-wrong-state", "No.", lead_status="rejected"),
            409,
            "Лид уже изменён: сейчас он «Отклонён»",
        ),
        (problem(412, "stale-version", "No.", current={"status": "in_work"}), 412, "сейчас он «В работе»"),
        (
            problem(409, "key-taken", "No.", lead_id="1", lead_number=1284),
            409,
            "Этого клиента уже ведут в лиде № 1284",
        ),
        (problem(404, "lead-not-found", "No."), 404, "Этого лида вам больше не видно"),
        (problem(403, "not-yours", "No."), 403, "На это нет права"),
        (problem(400, "rejection-reason-required", "No."), 400, "Выберите причину: канал её требует."),
        (problem(400, "assignee-unknown", "No."), 400, "Выберите, кому передать."),
        (problem(400, "invalid-input", "Слишком длинно"), 400, "Не получилось: Слишком длинно"),
        (JSONResponse({}, 500), 503, "сервис не ответил"),
    ],
)
@pytest.mark.feature("B25")
async def test_a_refusal_is_explained_and_brings_the_card_as_it_is(
    browser: Browser, owners: Owners, one: Json, refusal: JSONResponse, code: int, text: str
) -> None:
    owners.refuse[f"/api/v1/leads/{one['id']}/claim"] = refusal
    answer = await browser.act(f"/leads/{one['id']}/claim")
    assert answer.status_code == code
    body = answer.json()
    assert body["ok"] is False
    assert text in body["error"]
    assert body["card"]["id"] == one["id"]


async def test_the_version_that_the_reader_saw_is_passed_on(
    browser: Browser, owners: Owners, one: Json
) -> None:
    headers = {"Accept": "application/json", "X-CSRF-Token": browser.csrf, "If-Match": '"1"'}
    await browser.http.post(f"/leads/{one['id']}/claim", headers=headers)
    assert owners.last(f"/api/v1/leads/{one['id']}/claim").headers["if-match"] == '"1"'


async def test_without_scripts_the_reader_comes_back_with_a_message_shown_once(
    browser: Browser, one: Json
) -> None:
    answer = await browser.send(f"/leads/{one['id']}/claim", {"next": "/?kind=form"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?kind=form")
    assert "Лид принят" in (await browser.get("/?kind=form")).text
    assert "Лид принят" not in (await browser.get("/?kind=form")).text


async def test_without_scripts_a_refusal_is_told_on_the_next_page(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.refuse[f"/api/v1/leads/{one['id']}/claim"] = problem(403, "not-yours", "No.")
    answer = await browser.send(f"/leads/{one['id']}/claim")
    assert answer.headers["location"] == f"/leads/{one['id']}"
    assert "На это нет права" in (await browser.get("/")).text


@pytest.mark.feature("S066")
async def test_without_scripts_a_refused_dialog_is_shown_again(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.refuse[f"/api/v1/leads/{one['id']}/reject"] = problem(400, "rejection-reason-required", "No.")
    answer = await browser.send(f"/leads/{one['id']}/reject", {"comment": "x"})
    assert answer.headers["location"] == f"/leads/{one['id']}/dialogs/reject"
    assert "канал её требует" in (await browser.get(answer.headers["location"])).text


async def test_without_scripts_a_dialog_that_came_too_late_leads_back_to_the_lead(
    browser: Browser, owners: Owners, one: Json
) -> None:
    owners.refuse[f"/api/v1/leads/{one['id']}/reject"] = problem(409, "lead-wrong-state", "No.")
    answer = await browser.send(f"/leads/{one['id']}/reject", {"comment": "x"})
    assert answer.headers["location"] == f"/leads/{one['id']}"


async def test_what_cannot_be_done_with_leads_is_not_found(
    browser: Browser, owners: Owners, anna: Person
) -> None:
    found = taken(7, anna)
    owners.leads.append(found)
    assert (await browser.act(f"/leads/{found['id']}/sell")).status_code == 404
    assert (await browser.act("/leads/nonsense/claim")).status_code == 404


async def test_nobody_acts_without_a_session(stranger: Browser, owners: Owners) -> None:
    owners.leads.append(lead(5))
    address = f"/leads/{owners.leads[0]['id']}/claim"
    assert (await stranger.act(address)).status_code == 401
    answer = await stranger.send(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert owners.leads[0]["version"] == 1
