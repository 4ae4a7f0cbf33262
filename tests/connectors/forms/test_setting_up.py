"""Setting a form up: what a pasted body becomes, the form for a page, the script beside it."""

import base64
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest

from tests.connectors.forms.samples import FOLDER, URLENCODED
from tests.connectors.forms.site import Site
from tests.connectors.forms.test_bodies import multipart

FORM = '{"q1":"89000000001","Имя":"Пётр","website":"x","form_fill_ms":"5"}'


async def test_a_pasted_body_is_shown_as_what_it_becomes_and_nothing_is_stored(
    site: Site, channel: dict[str, Any]
) -> None:
    before = len(site.intake.messages)
    body = (FOLDER / "tilda" / "02_form_cookies_utm.txt").read_text()
    answer = await site.ask("POST", channel, "try", json={"content_type": URLENCODED, "text": body})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["name"], found["phones"]) == ("Пётр", ["89000000001"])
    assert found["utm"]["utm_campaign"] == "brand"
    assert found["event_key"] == "form209247408:5300:700000002"
    assert {"name": "phone", "meaning": "phone"} in found["taken"]
    assert (found["suspected_spam"], found["is_probe"]) == (False, False)
    assert len(site.intake.messages) == before


async def test_settings_may_be_tried_before_they_are_saved(site: Site, channel: dict[str, Any]) -> None:
    tried = {"text": FORM, "connection": {"mapping": {"q1": "phone", "Имя": "field"}}}
    found = (await site.ask("POST", channel, "try", json=tried)).json()
    assert (found["phones"], found["name"]) == (["89000000001"], "")
    assert found["fields"] == [{"name": "Имя", "label": "Имя", "value": "Пётр"}]
    assert found["spam_reasons"] == ["honeypot", "too_fast"]
    saved = (await site.ask("POST", channel, "try", json={"text": FORM})).json()
    assert {"name": "q1", "meaning": "field"} in saved["taken"]
    wrong = await site.ask("POST", channel, "try", json={"text": FORM, "connection": {"mapping": {"a": "b"}}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "connection.mapping.a")


async def test_bytes_are_pasted_in_base64(site: Site, channel: dict[str, Any]) -> None:
    body = multipart(('name="имя"', "Пётр".encode()), ('name="f"; filename="../a.exe"', b"%PDF-1"))
    pasted = {
        "base64": base64.b64encode(body).decode(),
        "content_type": "multipart/form-data; boundary=----x",
    }
    found = (await site.ask("POST", channel, "try", json=pasted)).json()
    assert found["files"] == [{"field": "f", "name": "a.exe", "content_type": "application/pdf", "size": 6}]
    assert (await site.ask("POST", channel, "try", json={"text": "test=test"})).json()["is_probe"]


@pytest.mark.parametrize(
    ("pasted", "slug"),
    [
        ({"text": "hello"}, "unreadable-body"),
        ({"text": ""}, "empty-body"),
        ({"base64": "!"}, "invalid-input"),
        ({}, "invalid-input"),
        ({"text": "a=1", "base64": "YT0x"}, "invalid-input"),
    ],
)
async def test_a_body_that_would_be_refused_is_refused(
    site: Site, channel: dict[str, Any], pasted: dict[str, str], slug: str
) -> None:
    answer = await site.ask("POST", channel, "try", json=pasted)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:voronka:problem:{slug}")


async def test_only_channels_may_ask_the_connector(site: Site, channel: dict[str, Any]) -> None:
    url = f"{site.forms.url}/internal/forms/try"
    body = {"channel": channel, "text": FORM}
    assert (await site.http.post(url, json=body)).status_code == 401
    manager = site.keys.employee(uuid4(), grants={"channels.edit": "all"})
    assert (await site.http.post(url, json=body, headers=manager)).status_code == 403
    wrong = await site.http.post(url, json={**body, "channel": {}}, headers=site.keys.unit("channels"))
    assert wrong.status_code == 400


async def test_another_kind_of_channel_is_no_form(site: Site) -> None:
    vk = await site.open_channel(kind="vk", provider="vk")
    for method, verb, body in (("POST", "try", {"text": "a=1"}), ("GET", "snippet", None)):
        answer = await site.ask(method, vk, verb, json=body)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:voronka:problem:not-a-form")


async def test_wrong_settings_of_a_form_are_refused_by_name(site: Site) -> None:
    wrong = {
        "mapping": {"a": "nonsense", "": "phone"},
        "min_fill_seconds": -1,
        "posts_per_minute": 1.5,
        "consent_version": "x" * 101,
    }
    body = {"kind": "form", "provider": "generic", "name": "Сайт", "connection": wrong}
    headers = site.keys.employee(uuid4(), grants={"channels.edit": "all"})
    answer = await site.http.post(f"{site.channels.url}/api/v1/channels", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:voronka:problem:wrong-connection")
    assert {error["field"] for error in answer.json()["errors"]} == {
        "connection.mapping.a",
        "connection.mapping",
        "connection.min_fill_seconds",
        "connection.posts_per_minute",
        "connection.consent_version",
    }
    channel = await site.open_channel()
    url = f"{site.channels.url}/api/v1/channels/{channel['id']}"
    change = {"connection": {"mapping": ["x"]}}
    assert (await site.http.patch(url, json=change, headers={**headers, "If-Match": "*"})).status_code == 400


class Parts(HTMLParser):
    """The elements of a snippet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        """Return the attributes of a field."""
        return next(given for _, given in self.found if given.get("name") == name)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_form_for_a_page_needs_nothing_but_its_script(site: Site, language: str) -> None:
    channel = await site.open_channel(connection={"consent_version": '2026-11 "А"<b>'})
    answer = await site.ask("GET", channel, "snippet", params={"language": language})
    found = answer.json()
    assert found["hook_url"] == f"https://hooks.example/hooks/forms/{channel['key']}"
    assert found["script_url"] == "https://hooks.example/hooks/forms/form.js"
    parts = Parts(found["html"])
    assert parts.found[0] == (
        "form",
        {
            "data-voronka": channel["key"],
            "action": found["hook_url"],
            "method": "post",
            "enctype": "multipart/form-data",
            "accept-charset": "utf-8",
        },
    )
    assert parts.named("consent_version")["value"] == '2026-11 "А"<b>'
    assert "required" in parts.named("consent")
    assert parts.named("website")["tabindex"] == "-1"
    assert parts.found[-1] == ("script", {"src": found["script_url"], "defer": None})
    assert not [
        given for _, given in parts.found if "style" in given or any(k.startswith("on") for k in given)
    ]


async def test_the_script_is_small_and_kept_by_browsers(site: Site) -> None:
    url = f"{site.forms.url}/hooks/forms/form.js"
    answer = await site.http.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert len(answer.content) < 8 * 1024
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = await site.http.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_page_may_read_when_to_come_again(site: Site) -> None:
    limited = await site.open_channel(connection={"posts_per_minute": 1})
    answers = [
        await site.post(limited, json={"phone": "1"}, headers={"Origin": "https://a.ru"}) for _ in range(2)
    ]
    assert answers[1].headers["Access-Control-Expose-Headers"] == "Retry-After"
