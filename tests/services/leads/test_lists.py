"""Lists of leads and inquiries: whose, which, in what order, how many."""

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.channels import Responsible
from tests.services.leads.desk import Desk


async def _leads(desk: Desk, who: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/api/v1/leads", params={"limit": 200, **params}, headers=who)
    found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return found


@pytest.fixture(scope="module")
async def company(desk: Desk) -> dict[str, Any]:
    """Make leads of everybody: of the role, of Boris, of nobody in particular."""
    private, common = uuid4(), uuid4()
    await desk.open_channel(private, responsible=Responsible(type="employee", id=desk.boris))
    await desk.open_channel(common, responsible=None)

    async def heard() -> bool:
        async with desk.running.app.engine.connect() as connection:
            return bool(
                (await connection.exec_driver_sql("select count(*) from known_channels")).scalar_one() == 3
            )

    await desk.settled(heard)
    return {
        "role": await desk.lead_of(await desk.post("+79000000201", name="Королёва Анна")),
        "boris": await desk.lead_of(await desk.post("+79000000202", channel=private, name="Пётр")),
        "nobody": await desk.lead_of(await desk.post("+79000000203", channel=common, name="Олег")),
    }


@pytest.mark.feature("S058")
async def test_everybody_sees_his_own_his_roles_and_nobodys_leads(
    desk: Desk, company: dict[str, Any]
) -> None:
    anna = {lead["id"] for lead in await _leads(desk, desk.as_(desk.anna))}
    boris = {lead["id"] for lead in await _leads(desk, desk.as_(desk.boris))}
    everybody = {lead["id"] for lead in company.values()}
    assert anna == everybody - {company["boris"]["id"]}
    assert boris == everybody
    head = {lead["id"] for lead in await _leads(desk, desk.as_(uuid4(), "team", roles=[], heads=[desk.role]))}
    assert head == everybody
    assert {lead["id"] for lead in await _leads(desk, desk.as_(uuid4(), "all", roles=[]))} == everybody


async def test_one_lead_that_is_not_mine_does_not_exist_for_me(desk: Desk, company: dict[str, Any]) -> None:
    path = f"/api/v1/leads/{company['boris']['id']}"
    assert (await desk.http.get(path, headers=desk.as_(desk.anna))).status_code == 404
    assert (await desk.http.get(f"{path}/history", headers=desk.as_(desk.anna))).status_code == 404
    inquiries = await desk.http.get(
        "/api/v1/inquiries", params={"lead_id": company["boris"]["id"]}, headers=desk.as_(desk.anna)
    )
    assert inquiries.json()["items"] == []


async def test_the_list_narrows_by_whose_leads_they_are(desk: Desk, company: dict[str, Any]) -> None:
    boss = desk.as_(desk.boris, "all")
    mine = {lead["id"] for lead in await _leads(desk, boss, assigned_to="me")}
    assert mine == {lead["id"] for lead in company.values()}
    team = {
        lead["id"]
        for lead in await _leads(desk, desk.as_(uuid4(), "all", roles=[desk.role]), assigned_to="team")
    }
    assert team == {lead["id"] for lead in company.values()}
    strangers = desk.as_(uuid4(), "all", roles=[uuid4()])
    assert {lead["id"] for lead in await _leads(desk, strangers, assigned_to="team")} == {
        company["nobody"]["id"]
    }
    bad = await desk.http.get("/api/v1/leads?assigned_to=moon", headers=boss)
    assert bad.status_code == 400


@pytest.mark.feature("S070")
@pytest.mark.feature("S072")
@pytest.mark.feature("S073")
async def test_the_unsorted_come_oldest_first_and_are_counted(desk: Desk, company: dict[str, Any]) -> None:
    who = desk.as_(desk.boris)
    found = await _leads(desk, who, status="new")
    assert [lead["created_at"] for lead in found] == sorted(lead["created_at"] for lead in found)
    count = await desk.http.get("/api/v1/leads/count", params={"status": "new"}, headers=who)
    assert count.json() == {"count": len(found), "capped": False}
    assert {lead["id"] for lead in company.values()} <= {lead["id"] for lead in found}


@pytest.mark.parametrize(
    "typed", ["королева", "Королёва", "анна королёва", "000-02-01", "8 900 000 02 01", "+7 900 000-02"]
)
async def test_a_lead_is_found_as_people_type(desk: Desk, company: dict[str, Any], typed: str) -> None:
    assert company["role"]["id"] in {lead["id"] for lead in await _leads(desk, desk.as_(desk.anna), q=typed)}


async def test_a_lead_is_found_by_its_number(desk: Desk, company: dict[str, Any]) -> None:
    number = company["nobody"]["number"]
    for params in ({"q": f"№ {number}"}, {"number": number}):
        assert company["nobody"]["id"] in {
            lead["id"] for lead in await _leads(desk, desk.as_(desk.anna), **params)
        }
    assert (await desk.http.get("/api/v1/leads?number=x", headers=desk.as_(desk.anna))).status_code == 400
    huge = {"number": "9" * 5_000}
    assert (await desk.http.get("/api/v1/leads", params=huge, headers=desk.as_(desk.anna))).status_code == 400
    assert await _leads(desk, desk.as_(desk.anna), q="№ 99999999999999999999999") == []


@pytest.mark.parametrize(
    "query",
    [
        "moon=1", "limit=0", "limit=201", "sort=name", "cursor=x", "created_at_from=yesterday", "channel_id=x",
        "ids=1,2", "created_at_to=2026-01-01T00:00:00",
    ],
)  # fmt: skip
async def test_what_a_list_does_not_understand_it_refuses(desk: Desk, query: str) -> None:
    answer = await desk.http.get(f"/api/v1/leads?{query}", headers=desk.as_(desk.anna))
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_pages_go_through_all_leads_once(desk: Desk, company: dict[str, Any]) -> None:
    who = desk.as_(desk.boris)
    seen: list[str] = []
    cursor = None
    while True:
        params: dict[str, Any] = {"limit": 1, "sort": "-last_inquiry_at"}
        params |= {"cursor": cursor} if cursor else {}
        page = (await desk.http.get("/api/v1/leads", params=params, headers=who)).raise_for_status().json()
        seen += [lead["id"] for lead in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 3
    assert set(seen) == {lead["id"] for lead in company.values()}


async def test_several_leads_are_read_by_their_ids_in_one_request(
    desk: Desk, company: dict[str, Any]
) -> None:
    wanted = [lead["id"] for lead in company.values()]
    found = await _leads(desk, desk.as_(desk.anna), ids=",".join(wanted))
    assert {lead["id"] for lead in found} == set(wanted) - {company["boris"]["id"]}


async def test_inquiries_are_listed_by_lead_with_their_decision(desk: Desk, company: dict[str, Any]) -> None:
    answer = await desk.http.get(
        "/api/v1/inquiries", params={"lead_id": company["role"]["id"]}, headers=desk.as_(desk.anna)
    )
    (inquiry,) = answer.json()["items"]
    assert inquiry["sender"]["name"] == "Королёва Анна"
    assert inquiry["decision"]["rule"] == "new"
    text = await desk.http.get(f"/api/v1/inquiries/{inquiry['id']}/text", headers=desk.as_(desk.anna))
    assert text.json() == {"text": "Расчёт кровли"}
