"""The public API: every path goes to its owner with a signed token; the description is one document."""

from typing import Any

import httpx2
import pytest
from fastapi.responses import JSONResponse, RedirectResponse, Response

from services.gateway.service import SERVICE
from services.gateway.version import VERSION
from shared.http.problems import problem
from tests.booting import Boot, Running
from tests.services.gateway.browser import COOKIE, Browser
from tests.services.gateway.company import Person, lead
from tests.services.gateway.owners import Owners


@pytest.fixture
async def bearer(stranger: Browser, anna: Person) -> dict[str, str]:
    """Return the header of a client that logged in through the API."""
    answer = await stranger.http.post("/api/v1/session", json={"login": "anna", "password": anna.password})
    assert answer.status_code == 201
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.mark.feature("B28")
async def test_logging_in_through_the_api_needs_no_token_and_sets_no_cookie(
    stranger: Browser, anna: Person, owners: Owners
) -> None:
    answer = await stranger.http.post("/api/v1/session", json={"login": "anna", "password": anna.password})
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "expires_at"}
    assert "set-cookie" not in answer.headers
    asked = owners.last("/api/v1/session")
    assert asked.who is not None
    assert (asked.who.kind, asked.headers["x-client-address"]) == ("unit", "127.0.0.1")


@pytest.mark.feature("B28")
async def test_a_request_reaches_its_owner_unchanged_but_for_the_token(
    stranger: Browser, owners: Owners, bearer: dict[str, str]
) -> None:
    stranger.http.cookies.set(COOKIE, "secret")
    headers = {
        **bearer,
        "If-Match": '"3"',
        "Idempotency-Key": "k",
        "X-Session-Token": "somebody's",
        "X-Forwarded-For": "192.0.2.1",
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
    }
    owners.refuse["/api/v1/channels"] = Response(status_code=204)
    await stranger.http.patch(
        "/api/v1/channels?q=%D0%B0+b&status=new&status=in_work&x=a%2Cb",
        content=b'{"name":"x"}',
        headers=headers,
    )
    asked = owners.last("/api/v1/channels")
    assert asked.method == "PATCH"
    assert asked.query == "q=%D0%B0+b&status=new&status=in_work&x=a%2Cb"
    assert asked.body == b'{"name":"x"}'
    assert asked.who is not None
    assert asked.who.kind == "employee"
    assert (asked.headers["if-match"], asked.headers["idempotency-key"]) == ('"3"', "k")
    assert asked.headers["traceparent"].startswith(f"00-{'a' * 32}-")
    assert not {"cookie", "x-session-token", "x-forwarded-for"} & asked.headers.keys()


async def test_an_answer_comes_back_with_its_status_and_its_own_headers(
    stranger: Browser, owners: Owners, bearer: dict[str, str]
) -> None:
    owners.leads.append(lead(5))
    address = f"/api/v1/leads/{owners.leads[0]['id']}"
    answer = await stranger.http.get(address, headers=bearer)
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["number"] == 5
    owners.refuse[address] = JSONResponse(
        {}, 503, headers={"Retry-After": "7", "Set-Cookie": "a=b", "X-Inner": "1", "ETag": '"x"'}
    )
    refused = await stranger.http.get(address, headers=bearer)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "7"
    assert not {"set-cookie", "x-inner"} & set(refused.headers)


@pytest.mark.parametrize("value", [b"caf\xe9", b"\xff\x01", b'"1"\x00', b"\xd0\xbf"])
async def test_odd_bytes_in_a_header_break_nothing(
    stranger: Browser, owners: Owners, bearer: dict[str, str], value: bytes
) -> None:
    request = stranger.http.build_request("GET", "/api/v1/leads", headers=bearer)
    request.headers = httpx2.Headers([*request.headers.raw, (b"If-Match", value)])
    assert owners.sessions
    try:
        answer = await stranger.http.send(request)
    except httpx2.LocalProtocolError:
        return  # not even this client would send it
    assert answer.status_code in {200, 400}


async def test_a_problem_of_the_owner_comes_back_as_it_is(
    stranger: Browser, owners: Owners, bearer: dict[str, str]
) -> None:
    owners.refuse["/api/v1/leads"] = problem(400, "unknown-parameter", "unknown: colour")
    answer = await stranger.http.get("/api/v1/leads?colour=red", headers=bearer)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "unknown: colour"


async def test_a_cookie_is_no_token_for_the_api(browser: Browser, owners: Owners) -> None:
    answer = await browser.get("/api/v1/leads")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert owners.count("/api/v1/leads") == 0


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer unknown", f"Bearer {'x' * 400}"])
async def test_without_a_living_token_nothing_is_passed_on(
    stranger: Browser, owners: Owners, header: str
) -> None:
    answer = await stranger.http.get("/api/v1/leads", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert owners.count("/api/v1/leads") == 0


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/zebras",
        "/api/v1/",
        "/api/v1//leads",
        "/api/v1/leads/../../../internal/token-exchange",
        "/api/v1/leads/%2e%2e/%2e%2e/%2e%2e/internal/token-exchange",
        "/api/v1/leads/..%2f..%2f..%2finternal/token-exchange",
        "/api/v1/leads/..%5c..%5cinternal",
        "/api/v1/internal/token-exchange",
        "/api/v2/leads",
        "/internal/token-exchange",
    ],
)
async def test_what_nobody_owns_is_not_found(
    gateway: Running, owners: Owners, bearer: dict[str, str], path: str
) -> None:
    before = len(owners.asked)
    url = httpx2.URL(gateway.url).copy_with(raw_path=path.encode())
    async with httpx2.AsyncClient() as client:
        answer = await client.post(url, headers=bearer)
    assert answer.status_code == 404
    assert len(owners.asked) == before


async def test_a_redirect_of_an_owner_stays_inside(
    stranger: Browser, owners: Owners, bearer: dict[str, str]
) -> None:
    owners.refuse["/api/v1/leads/"] = RedirectResponse("http://inner:9/api/v1/leads")
    answer = await stranger.http.get("/api/v1/leads/", headers=bearer)
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_closing_a_session_passes_the_token_itself_and_forgets_it(
    stranger: Browser, owners: Owners, bearer: dict[str, str]
) -> None:
    token = bearer["Authorization"].removeprefix("Bearer ")
    answer = await stranger.http.delete("/api/v1/session", headers=bearer)
    assert answer.status_code == 204
    assert owners.last("/api/v1/session").headers["x-session-token"] == token
    assert (await stranger.http.get("/api/v1/leads", headers=bearer)).status_code == 401


async def test_a_unit_that_is_away_is_a_problem_that_says_when_to_come_back(
    boot: Boot, units: dict[str, str], owners: Owners, bearer: dict[str, str]
) -> None:
    away = {**units, "VORONKA_CONTACTS_URL": "http://127.0.0.1:1"}
    async with (
        boot(SERVICE, settings=away, process="api") as running,
        httpx2.AsyncClient(base_url=running.url) as client,
    ):
        answer = await client.get("/api/v1/contacts", headers=bearer)
        described = (await client.get("/api/v1/openapi.json")).json()
        docs = (await client.get("/api/docs")).text
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert owners.sessions
    assert described["x-unavailable"] == ["contacts"]
    assert "contacts" in docs


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/v1/leads": {
            "get": {
                "tags": ["leads"],
                "summary": "List Leads",
                "description": "List the leads that the asker may see.",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "Good"}, "422": {"description": "Bad"}},
            }
        },
        "/api/v1/session": {"post": {"tags": ["session"], "responses": {}}},
        "/internal/secret": {"get": {"responses": {}}},
    },
    "components": {"schemas": {"LeadOut": {"type": "object"}, "HTTPValidationError": {}}},
}


@pytest.mark.feature("B28")
async def test_the_description_is_one_document_for_everybody(stranger: Browser, owners: Owners) -> None:
    owners.refuse["/api/v1/openapi.json"] = JSONResponse(DOCUMENT)
    found = (await stranger.get("/api/v1/openapi.json")).json()
    assert found["openapi"] == "3.1.0"
    assert found["info"] == {"title": "Voronka", "version": VERSION}
    assert set(found["paths"]) == {"/api/v1/leads", "/api/v1/session"}
    listing = found["paths"]["/api/v1/leads"]["get"]
    assert set(listing["responses"]) == {"200", "default"}
    assert found["paths"]["/api/v1/session"]["post"]["security"] == []
    assert "x-unavailable" not in found
    assert set(found["components"]["schemas"]) == {"LeadOut", "Problem"}
    await stranger.get("/api/v1/openapi.json")
    assert owners.count("/api/v1/openapi.json") == 4


@pytest.mark.feature("B28")
async def test_the_description_is_a_page_too(stranger: Browser, browser: Browser, owners: Owners) -> None:
    owners.refuse["/api/v1/openapi.json"] = JSONResponse(DOCUMENT)
    for reader in (stranger, browser):
        page = (await reader.get("/api/docs")).text
        assert "List the leads that the asker may see." in page
        assert "limit" in page
        assert "/internal/secret" not in page
