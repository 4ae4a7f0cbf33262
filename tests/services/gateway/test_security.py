"""What every answer carries, and what other sites cannot make a reader's browser do."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.entrypoints.security import CSP, HSTS, SecurityHeaders, local_address
from services.gateway.service import SERVICE
from tests.booting import Running
from tests.services.gateway.browser import Browser, shown_csrf
from tests.services.gateway.company import lead
from tests.services.gateway.owners import Owners

FOREIGN = "https://evil.example"


def _addresses() -> list[str]:
    """Return an address for every route that is read, also those that refuse it."""
    found = []
    for router in SERVICE.routers:
        for route in router.routes:
            if "GET" in getattr(route, "methods", ()) and route.path != "/live":  # type: ignore[attr-defined]
                path = route.path.replace("{lead_id}", "0" * 32).replace("{key}", "new")  # type: ignore[attr-defined]
                found.append(path.replace("{path:path}", "leads"))
    return [*found, "/livez", "/readyz", "/metrics", "/nowhere"]


@pytest.mark.parametrize("address", _addresses())
async def test_every_answer_has_the_security_headers(browser: Browser, address: str) -> None:
    answer = await browser.get(address)
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cache-control"]


def test_the_policy_allows_no_inline_script_and_no_frame() -> None:
    assert "unsafe" not in CSP
    assert "frame-ancestors 'none'" in CSP


async def test_pages_hold_nothing_inline(browser: Browser, owners: Owners) -> None:
    owners.leads.append(lead(1))
    page = (await browser.get("/")).text
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<style" not in page


async def test_over_https_browsers_are_told_to_stay_there() -> None:
    async def ok(scope: object, receive: object, send: object) -> None:
        await FastAPI()(scope, receive, send)  # type: ignore[arg-type]

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    app = SecurityHeaders(ok, secure=True)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    await app(scope, None, send)  # type: ignore[arg-type]
    assert (b"strict-transport-security", HSTS.encode()) in sent[0]["headers"]  # type: ignore[operator]


async def test_what_a_client_wrote_is_shown_as_text(browser: Browser, owners: Owners) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    owners.leads.append(lead(1, name=hostile, text=hostile))
    page = (await browser.get("/")).text
    assert hostile not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_page_carries_the_token_that_its_forms_need(browser: Browser) -> None:
    assert shown_csrf(await browser.get("/")) == browser.csrf


@pytest.mark.parametrize("address", ["/logout", "/leads/{id}/claim", "/leads/{id}/reject"])
async def test_a_form_without_the_pages_token_is_refused(
    browser: Browser, owners: Owners, address: str
) -> None:
    owners.leads.append(lead(1))
    target = address.format(id=owners.leads[0]["id"])
    for form in ({}, {"csrf": ""}, {"csrf": "0" * 40}, {"csrf": "щ"}):
        assert (await browser.http.post(target, data=form)).status_code == 403
    assert owners.leads[0]["version"] == 1
    assert browser.token in owners.sessions


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
async def test_another_sites_request_is_refused_even_with_the_token(
    browser: Browser, owners: Owners, headers: dict[str, str]
) -> None:
    owners.leads.append(lead(1))
    target = f"/leads/{owners.leads[0]['id']}/claim"
    assert (await browser.send(target, headers=headers)).status_code == 403
    login = await browser.http.post("/login", data={"login": "anna"}, headers=headers)
    look = await browser.http.post("/preferences", data={"theme": "dark"}, headers=headers)
    assert login.status_code == look.status_code == 403
    assert owners.leads[0]["version"] == 1


async def test_our_own_origin_is_welcome(browser: Browser, gateway: Running, owners: Owners) -> None:
    owners.leads.append(lead(1))
    target = f"/leads/{owners.leads[0]['id']}/claim"
    own = {"Origin": gateway.url, "Sec-Fetch-Site": "same-origin"}
    assert (await browser.send(target, headers=own)).status_code == 303
    assert owners.leads[0]["status"] == "in_work"


async def test_our_public_address_is_welcome_behind_a_proxy(browser: Browser, gateway: Running) -> None:
    answer = await browser.send("/preferences", headers={"Origin": gateway.settings.public_url})
    assert answer.status_code == 303


FOREIGN_ADDRESSES = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/ /evil.example",
    "/a\\..\\b",
    "evil",
    "/" + "a" * 3_000,
]


@pytest.mark.parametrize("address", FOREIGN_ADDRESSES)
async def test_nobody_is_sent_to_another_site(browser: Browser, address: str) -> None:
    assert local_address(address) == "/"
    answer = await browser.log_in("anna", next=address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.send("/preferences", {"next": address})).headers["location"] == "/"
    assert (await browser.http.get("/login", params={"next": address})).headers["location"] == "/"


@given(st.text(max_size=40))
def test_an_accepted_address_is_a_path_of_this_site(value: str) -> None:
    found = local_address(value)
    assert found.startswith("/")
    assert found[1:2] not in {"/", "\\"}
    assert found in {value, "/"}


@pytest.mark.parametrize("address", ["/", "/leads/1", "/?assigned_to=all&q=%D0%B0", "/?q=а"])
def test_our_own_addresses_are_kept(address: str) -> None:
    assert local_address(address) == address


async def test_a_message_made_by_somebody_else_is_not_shown(browser: Browser) -> None:
    browser.http.cookies.set(
        "voronka-flash", "WyJvayIsICJGT1JHRUQiXQ==.0000000000000000000000000000000000000000"
    )
    assert "FORGED" not in (await browser.get("/")).text


async def test_a_form_with_a_file_or_too_many_fields_is_refused(browser: Browser) -> None:
    assert (await browser.http.post("/login", files={"a": b"x"})).status_code == 400
    many = {f"field{number}": "x" for number in range(60)}
    assert (await browser.http.post("/login", data=many)).status_code == 400


async def test_a_body_over_the_limit_is_refused(browser: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"a" * 65_536

    bearer = {"Authorization": f"Bearer {browser.token}"}
    declared = await browser.http.post("/login", content=b"a" * (1024 * 1024 + 1))
    streamed = await browser.http.post("/api/v1/leads", content=endless(), headers=bearer)
    assert declared.status_code == streamed.status_code == 413
