"""Forms in browsers: which sites may post, what a page may read, where a person is sent."""

from typing import Any

import httpx2
import pytest

from tests.connectors.forms.site import Site

PERSON = {"name": "Пётр", "phone": "89000000001"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OURS, WWW, EVIL = "https://example.ru", "https://www.example.ru", "https://evil.example"


@pytest.fixture(scope="module")
async def listed(site: Site) -> dict[str, Any]:
    """Return a channel with a list of sites."""
    return await site.open_channel(connection={"origins": [OURS, WWW]})


async def preflight(site: Site, key: str, origin: str) -> httpx2.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return await site.http.options(f"{site.forms.url}/hooks/forms/{key}", headers=asked)


async def test_any_page_may_post_where_no_list_says_otherwise(site: Site, channel: dict[str, Any]) -> None:
    asked = await preflight(site, channel["key"], EVIL)
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "content-type" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked.headers
    answer = await site.post(channel, json=PERSON, headers={"Origin": EVIL})
    assert answer.status_code == 202
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("origin", [OURS, WWW])
async def test_a_listed_site_may_post_and_read(site: Site, listed: dict[str, Any], origin: str) -> None:
    asked = await preflight(site, listed["key"], origin)
    assert (asked.headers["Access-Control-Allow-Origin"], asked.headers["Vary"]) == (origin, "Origin")
    answer = await site.post(listed, json=PERSON, headers={"Origin": origin})
    assert answer.status_code == 202
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (origin, "Origin")


@pytest.mark.parametrize("origin", [EVIL, "null", "https://example.ru.evil.example", "http://example.ru"])
async def test_a_site_that_is_not_listed_may_not(site: Site, listed: dict[str, Any], origin: str) -> None:
    asked = await preflight(site, listed["key"], origin)
    assert asked.status_code == 204
    assert "Access-Control-Allow-Origin" not in asked.headers
    answer = await site.post(listed, json=PERSON, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:voronka:problem:origin-not-allowed"
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_sender_that_is_no_browser_needs_no_list(site: Site, listed: dict[str, Any]) -> None:
    answer = await site.post(listed, json=PERSON)
    assert answer.status_code == 202
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_page_can_read_why_its_form_was_refused(site: Site, listed: dict[str, Any]) -> None:
    unreadable = await site.post(
        listed, content=b"{", headers={"Origin": OURS, "Content-Type": "application/json"}
    )
    assert unreadable.status_code == 400
    assert unreadable.headers["Access-Control-Allow-Origin"] == OURS
    unknown = await site.post_to("no-such-key-here", json=PERSON, headers={"Origin": OURS})
    assert unknown.headers["Access-Control-Allow-Origin"] == "*"
    assert (await preflight(site, "no-such-key-here", OURS)).status_code == 404


@pytest.mark.feature("S019")
async def test_a_person_who_sent_a_plain_form_is_thanked(site: Site, channel: dict[str, Any]) -> None:
    answer = await site.post(channel, data=PERSON, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Спасибо! Заявка принята" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_person_is_sent_to_the_page_that_the_form_wishes(site: Site, listed: dict[str, Any]) -> None:
    form = {**PERSON, "redirect": f"{OURS}/thanks?x=1"}
    answer = await site.post(listed, data=form, headers={**BROWSER, "Origin": OURS})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OURS}/thanks?x=1")
    form = {**PERSON, "success_url": f"{WWW}/thanks"}
    answer = await site.post(listed, data=form, headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{WWW}/thanks")


@pytest.mark.parametrize(
    "wished",
    [
        f"{EVIL}/",
        "//evil.example/",
        "/thanks",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://example.ru@evil.example/",
        "https://example.ru:444/",
        "https://example.ru\\@evil.example/",
        "https:///evil.example",
        "https://example.ru/\r\nSet-Cookie: a=b",
        "ftp://example.ru/",
        "https://[",
    ],
)
async def test_a_form_cannot_send_a_person_elsewhere(site: Site, listed: dict[str, Any], wished: str) -> None:
    answer = await site.post(listed, data={**PERSON, "redirect": wished}, headers=BROWSER)
    assert answer.status_code == 200
    assert "Location" not in answer.headers


async def test_without_a_list_a_form_may_only_return_to_its_own_site(
    site: Site, channel: dict[str, Any]
) -> None:
    form = {**PERSON, "redirect": f"{OURS}/thanks"}
    back = await site.post(channel, data=form, headers={**BROWSER, "Origin": OURS})
    assert back.headers["Location"] == f"{OURS}/thanks"
    for origin in (EVIL, ""):
        headers = {**BROWSER, "Origin": origin} if origin else BROWSER
        assert (await site.post(channel, data=form, headers=headers)).status_code == 200


async def test_a_channel_has_a_page_of_its_own_for_thanks(site: Site) -> None:
    channel = await site.open_channel(connection={"redirect_url": f"{OURS}/ok"})
    answer = await site.post(channel, data=PERSON, headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OURS}/ok")
    script = await site.post(channel, json=PERSON)
    assert script.status_code == 202
    strict = await site.open_channel(connection={"redirect_url": f"{EVIL}/ok", "origins": [OURS]})
    assert (await site.post(strict, data=PERSON, headers=BROWSER)).status_code == 200
