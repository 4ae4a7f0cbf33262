"""How forms are read: nothing that the sender says about their encoding is obeyed."""

import time
from urllib.parse import urlencode

import pytest

from tests.booting import Running
from tests.services.gateway.browser import PASSWORD, Browser
from tests.services.gateway.company import Person, lead
from tests.services.gateway.owners import Owners

URLENCODED = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
ADDRESSES = ["/login", "/logout", "/preferences", "/leads/00000000-0000-0000-0000-000000000000/claim"]
CODECS = ["punycode", "unicode_escape", "utf-7", "undefined", "idna", "base64", "latin-1", '"utf-7"', "UTF-7"]
BAD_TYPES = [
    "application/json",
    "text/plain",
    "multipart/mixed; boundary=x",
    "multipart/form-data",
    "nonsense",
    f"{URLENCODED}, {PARTS}",
    f"{PARTS}; charset=utf-8; charset=utf-7",
    f"{PARTS}; a={'b' * 500}",
]


def parts(**fields: str | bytes) -> bytes:
    def one(name: str, value: str | bytes) -> bytes:
        raw = value if isinstance(value, bytes) else value.encode()
        return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + raw + b"\r\n"

    return b"".join(one(name, value) for name, value in fields.items()) + b"--x--\r\n"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("codec", CODECS)
async def test_a_codec_that_the_sender_names_is_refused(browser: Browser, address: str, codec: str) -> None:
    body = parts(csrf=browser.csrf, login=b"\\x +\xff-", password=b"\\N{")
    headers = {"Content-Type": f"{PARTS}; charset={codec}"}
    page = await browser.http.post(address, content=body, headers=headers)
    script = await browser.http.post(address, content=body, headers={**headers, "Accept": "application/json"})
    assert page.status_code == script.status_code == 400
    assert "Запрос не понят" in page.text
    assert script.json()["title"] == "unreadable-form"


async def test_a_slow_codec_does_not_stop_everybody(stranger: Browser) -> None:
    body = parts(**{f"f{number}": b"a" * 60_000 + b"-" + b"9" * 4_000 for number in range(15)})
    began = time.perf_counter()
    answer = await stranger.http.post(
        "/login", content=body, headers={"Content-Type": f"{PARTS}; charset=punycode"}
    )
    assert answer.status_code == 400
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("content_type", BAD_TYPES)
async def test_what_is_no_form_is_refused(browser: Browser, content_type: str) -> None:
    answer = await browser.http.post(
        "/preferences", content=parts(theme="dark"), headers={"Content-Type": content_type}
    )
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"', "; charset=utf8"])
async def test_a_form_in_parts_is_read_as_utf_8(stranger: Browser, anna: Person, charset: str) -> None:
    anna.password = "верный пароль"
    body = parts(login=anna.login, password=anna.password)
    answer = await stranger.http.post("/login", content=body, headers={"Content-Type": PARTS + charset})
    assert answer.status_code == 303


@pytest.mark.parametrize("content_type", [URLENCODED, f"{URLENCODED}; charset=UTF-8"])
async def test_an_urlencoded_form_is_read_as_utf_8(
    stranger: Browser, anna: Person, content_type: str
) -> None:
    anna.password = "верный пароль"
    body = urlencode({"login": anna.login, "password": anna.password})
    answer = await stranger.http.post("/login", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 303


async def test_an_action_without_a_body_is_a_form_without_fields(browser: Browser, owners: Owners) -> None:
    owners.leads.append(lead(1))
    headers = {"Accept": "application/json", "X-CSRF-Token": browser.csrf}
    answer = await browser.http.post(f"/leads/{owners.leads[0]['id']}/claim", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["ok"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (URLENCODED, b"login=%00%ED%A0%80%FF&password=%ED%B0%80\xff\x00&next=%2F%ED%A0%80&%00=1"),
        (PARTS, parts(login=b"\x00\xed\xa0\x80\xff", password=b"\xed\xb0\x80", next=b"/\xed\xa0\x80")),
    ],
)
async def test_bytes_that_are_no_text_are_only_a_wrong_login(
    stranger: Browser, owners: Owners, content_type: str, body: bytes
) -> None:
    answer = await stranger.http.post("/login", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 401
    assert b"\\u0000" not in owners.last("/api/v1/session").body
    assert b"\\ud8" not in owners.last("/api/v1/session").body


@pytest.mark.parametrize("content_type", [URLENCODED, PARTS])
async def test_a_form_of_too_many_or_too_long_fields_is_refused(
    stranger: Browser, gateway: Running, content_type: str
) -> None:
    assert gateway.url
    for form in ({f"f{number}": "x" for number in range(51)}, {"login": "x" * 65_537, "password": PASSWORD}):
        body = parts(**form) if content_type == PARTS else urlencode(form).encode()
        answer = await stranger.http.post("/login", content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 400
