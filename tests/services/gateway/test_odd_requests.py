"""Requests that no browser sends: each gets a clear refusal, none a failure of ours."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.booting import Running
from tests.services.gateway.browser import Browser
from tests.services.gateway.owners import Owners

BOARD = b"GET / HTTP/1.1"
API = b"GET /api/v1/leads HTTP/1.1"
CLAIM = b"POST /leads/00000000-0000-0000-0000-000000000000/claim HTTP/1.1"

REQUESTS: list[tuple[bytes, list[bytes]]] = [
    (b"GET /\xff HTTP/1.1", []),
    (b"GET /%ff%00 HTTP/1.1", []),
    (b"GET //evil.example/ HTTP/1.1", []),
    (b"GET /?q=\xff&period=\xd0\xb0&channel=%00 HTTP/1.1", []),
    (b"GET /?q=" + b"a" * 5_000 + b" HTTP/1.1", []),
    (b"GET /board/columns/new?shown=" + b"9" * 5_000 + b" HTTP/1.1", []),
    (b"GET /board/columns/new?shown=\xb2&cursor=\xb2 HTTP/1.1", []),
    (b"GET /board/columns/%00 HTTP/1.1", []),
    (b"GET /board/cards?ids=%00,,\xb2&columns=x HTTP/1.1", []),
    (b"GET /leads/%00 HTTP/1.1", []),
    (b"GET /login?next=%00%0d%0aX:y HTTP/1.1", []),
    (b"GET /api/v1/leads/\xff HTTP/1.1", []),
    (b"GET /api/v1/leads?q=\xff HTTP/1.1", []),
    (b"GET /api/v1/leads?q=%ff%00 HTTP/1.1", []),
    (b"GET /api/v1/leads/" + b"a" * 60_000 + b" HTTP/1.1", []),
    (b"BREW / HTTP/1.1", []),
    (b"BREW /api/v1/leads HTTP/1.1", []),
    (b"HEAD / HTTP/1.1", []),
    (b"OPTIONS /api/v1/leads HTTP/1.1", [b"Origin: https://evil.example"]),
    (BOARD, [b"Accept-Language: \xff;q=\xff,,;", b"Referer: http://["]),
    (BOARD, [b"Cookie: voronka-theme=\xff; voronka-flash=.; voronka-language=%"]),
    (BOARD, [b"X-Requested-With: fetch", b"Referer: http://["]),
    (BOARD, [b"traceparent: \xff"]),
    (API, [b"If-Match: \xff", b"X-Request-Id: \xff"]),
    (API, [b"Content-Type: \xff"]),
    (CLAIM, [b"Origin: http://[", b"Content-Length: 0"]),
    (CLAIM, [b"X-CSRF-Token: \xff", b"Content-Length: 0"]),
    (CLAIM, [b"Content-Type: multipart/form-data", b"Content-Length: 0"]),
    (CLAIM, [b"Content-Type: multipart/form-data; boundary=x", b"Content-Length: 3", b"", b"a=b"]),
    (b"POST /login HTTP/1.1", [b"Content-Type: application/json", b"Content-Length: 2", b"", b"{}"]),
    (b"POST /preferences HTTP/1.1", [b"Content-Length: 0"]),
]


@pytest.mark.parametrize(("line", "headers"), REQUESTS)
async def test_an_odd_request_is_answered_and_is_no_failure_of_ours(
    gateway: Running, browser: Browser, owners: Owners, line: bytes, headers: list[bytes]
) -> None:
    assert owners.sessions
    signed_in = [f"Authorization: Bearer {browser.token}".encode()]
    if not any(header.startswith(b"Cookie") for header in headers):
        signed_in.append(f"Cookie: voronka={browser.token}".encode())
    status = await _status(gateway.url, [line, b"Host: x", b"Connection: close", *signed_in, *headers])
    assert 200 <= status < 500, status


@pytest.mark.parametrize("version", ["\xb2", "abc", "9" * 5_000])
async def test_an_odd_version_is_refused(browser: Browser, owners: Owners, version: str) -> None:
    headers = {"Accept": "application/json", "X-CSRF-Token": browser.csrf}
    request = browser.http.build_request("POST", "/leads/00000000-0000-0000-0000-000000000000/claim")
    request.headers.update(headers)
    request.headers = type(request.headers)([*request.headers.raw, (b"If-Match", version.encode("latin-1"))])
    answer = await browser.http.send(request)
    assert answer.status_code == 400
    assert not [asked for asked in owners.asked if asked.path.endswith("/claim")]


async def _status(url: str, lines: list[bytes]) -> int:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        body = b"" if b"" not in lines else lines.pop()
        writer.write(b"\r\n".join([line for line in lines if line]) + b"\r\n\r\n" + body)
        await writer.drain()
        async with asyncio.timeout(5):
            first = await reader.readline()
    finally:
        writer.close()
        await writer.wait_closed()
    return int(first.split()[1])
