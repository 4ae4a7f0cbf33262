"""Whatever comes from outside ends in a 2xx or 4xx answer, and what is published can be stored."""

import base64
import json
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.connectors.forms.samples import SAMPLES, URLENCODED
from tests.connectors.forms.site import Site

JSON = {"Content-Type": "application/json"}
MESSAGE_LIMIT = 256 * 1024


async def stored_raw(
    site: Site, channel: dict[str, Any], body: bytes, content_type: str = URLENCODED
) -> bytes:
    """Post a body and return the raw bytes that intake is given."""
    inquiry = await site.accepted(channel, content=body, headers={"Content-Type": content_type})
    message = await site.intake.message(str(inquiry.inquiry_id))
    assert len(message.body) < MESSAGE_LIMIT
    assert b"\\u0000" not in message.body
    if inquiry.raw.file_key:
        return await site.files.get(inquiry.raw.file_key)
    if inquiry.raw.base64 is not None:
        return base64.b64decode(inquiry.raw.base64)
    return (inquiry.raw.text or "").encode()


@pytest.mark.parametrize(
    "body",
    [
        "name=Пётр".encode(),
        "name=Пётр".encode("cp1251"),
        b"name=%00%01&phone=89000000001",
        b"name=a\x00b\x01c\x1bd",
        b"name=\xff\xfe\x00",
        b'{"name":"\\ud800\\u0000","x":"\xed\xa0\x80"}',
        b"message=" + b'"' * 60_000,
        b"message=" + b"\\" * 64_000,
        b"message=" + b"\x01" * 60_000,
        b"message=" + "я".encode() * 100_000,
        b"&".join(b"f%d=%s" % (n, b'"' * 300) for n in range(200)),
        b"&".join(b"f%d=1" % n for n in range(10_000)),
        b"message=" + b"x" * (1024 * 1024 - 8),
        b'{"message":"' + b'\\"' * 30_000 + b'"}',
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_every_byte_that_came_is_kept(site: Site, channel: dict[str, Any], body: bytes) -> None:
    assert await stored_raw(site, channel, body) == body


async def test_a_text_over_64_kib_lies_in_the_file_store_and_begins_in_the_message(
    site: Site, channel: dict[str, Any]
) -> None:
    text = "слово " * 20_000
    inquiry = await site.accepted(channel, data={"phone": "89000000001", "message": text})
    assert inquiry.text_key
    assert inquiry.text == text[:10_000]
    assert (await site.files.get(inquiry.text_key)).decode() == text.strip()
    short = await site.accepted(channel, data={"message": "x" * 65_000})
    assert (short.text_key, len(short.text)) == (None, 65_000)


async def test_ten_thousand_fields_are_one_inquiry(site: Site, channel: dict[str, Any]) -> None:
    form = {**{f"поле {n}": f"значение {n}" for n in range(10_000)}, "phone": "89000000001"}
    inquiry = await site.accepted(channel, json=form)
    assert len(inquiry.fields) == 200
    assert inquiry.fields[0].value == "значение 0"
    assert inquiry.sender.phones == ("89000000001",)
    assert inquiry.raw.file_key


async def test_a_body_over_a_mebibyte_is_refused_declared_or_not(site: Site, channel: dict[str, Any]) -> None:
    body = b"message=" + b"x" * (1024 * 1024)

    async def pieces() -> Any:
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    for content in (body, pieces()):
        headers = {"Content-Type": URLENCODED, "Origin": "https://example.ru"}
        answer = await site.post(channel, content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"", b"   ", b"{}", b"{", b"[1]", b"null", b"hello", b"[" * 10_000])
async def test_what_cannot_be_read_is_refused_with_the_reason(
    site: Site, channel: dict[str, Any], body: bytes
) -> None:
    answer = await site.post(channel, content=body, headers=JSON)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"] in {"urn:voronka:problem:empty-body", "urn:voronka:problem:unreadable-body"}
    assert problem["detail"]


async def test_headers_of_all_kinds_are_taken(site: Site, channel: dict[str, Any]) -> None:
    headers = {
        b"Content-Type": b"application/x-www-form-urlencoded; charset=\xff",
        b"User-Agent": b"\xd0\x9f\xd1\x91" * 300,
        b"Referer": b"javascript:alert(1)",
        b"Idempotency-Key": b'"\\"\xff' + b"k" * 3_000 + b'"',
        b"traceparent": b"nonsense",
        b"Origin": b"\xff",
        b"X-Forwarded-For": b"\xff, 1.2.3.4.5",
    }
    answer = await site.post(channel, content=b"name=x", headers=list(headers.items()))
    assert answer.status_code == 202
    inquiry = await site.intake.inquiry(answer.json()["inquiry_id"])
    assert len(inquiry.external_id) == 64
    assert inquiry.page_url == ""
    assert len(inquiry.user_agent) <= 500


CONTENT_TYPES = st.sampled_from(
    [
        "",
        URLENCODED,
        f"{URLENCODED}; charset=windows-1251",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "image/png",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
PIECES = [
    b"--x",
    b"--x--",
    b"\r\n",
    b"Content-Disposition: form-data; ",
    b'name="a"',
    b'filename="b"',
    b"\xff",
    b"=",
    b"&",
]


def joined(pairs: list[tuple[str, str]]) -> bytes:
    """Return pairs as they stand in a body, with nothing escaped."""
    return "&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "surrogatepass")


def cut(body: bytes) -> st.SearchStrategy[bytes]:
    """Return a body that breaks off anywhere."""
    return st.integers(0, len(body)).map(lambda at: body[:at])


BODIES = st.one_of(
    st.binary(max_size=300),
    st.dictionaries(st.text(), VALUES).map(lambda value: json.dumps(value).encode()),
    st.lists(st.tuples(st.text(), st.text())).map(joined),
    st.lists(st.sampled_from(PIECES)).map(b"".join),
    st.sampled_from([sample.body for sample in SAMPLES]).flatmap(cut),
)


@settings(max_examples=400, deadline=None)
@given(body=BODIES, content_type=CONTENT_TYPES)
@example(body=b'{"' + b'a":{"' * 900, content_type="application/json")
@example(body=b"a[b][c]=1&a=2&a[b]=3&a[][]=4&[x]=5&]=[=", content_type=URLENCODED)
@example(body=b'{"name":"\\ud800"}', content_type="application/json")
async def test_no_body_makes_the_connector_fail(
    site: Site, channel: dict[str, Any], body: bytes, content_type: str
) -> None:
    transport = httpx2.ASGITransport(app=site.forms.http, client=("127.0.0.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://forms") as http:
        answer = await http.post(
            f"/hooks/forms/{channel['key']}", content=body, headers={"Content-Type": content_type}
        )
    assert answer.status_code in {200, 202, 400}, answer.text
    if answer.status_code == 202:
        assert (await site.intake.inquiry(answer.json()["inquiry_id"])).kind == "form"


@settings(max_examples=100, deadline=None)
@given(key=st.text(min_size=1).filter(lambda key: "/" not in key and key not in {".", ".."}))
async def test_no_key_makes_the_connector_fail(site: Site, key: str) -> None:
    transport = httpx2.ASGITransport(app=site.forms.http, client=("127.0.0.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://forms") as http:
        answer = await http.post(f"/hooks/forms/{quote(key, safe='', errors='replace')}", json={"name": "x"})
    assert answer.status_code == 404
