"""What the gateway remembers of others, and for how long."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import Request, Response

from services.gateway.adapters import recent
from services.gateway.adapters.recent import Recent
from services.gateway.adapters.sessions import Sessions
from services.gateway.entrypoints.cookies import Cookies, Flash
from shared.http.tokens import LIFETIME, KeyRing, SigningKey
from shared.kernel.clock import utc_now
from shared.kernel.errors import BusyError
from tests.keys import TestKeys


class Source:
    """A value that can be read, counted and taken away."""

    def __init__(self) -> None:
        self.reads = 0
        self.away = False

    async def read(self) -> int:
        """Return how often this was read."""
        self.reads += 1
        await asyncio.sleep(0.01)
        if self.away:
            raise BusyError
        return self.reads


async def test_a_remembered_value_is_read_once_however_many_ask() -> None:
    source = Source()
    value = Recent(source.read, seconds=60, default=0)
    assert value.value == 0
    assert await asyncio.gather(*(value.get() for _ in range(5))) == [1] * 5
    assert await value.get() == 1
    value.drop()
    assert await value.get() == 2
    assert value.known


async def test_while_its_owner_is_away_the_last_value_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    value = Recent(source.read, seconds=0, default=0)
    source.away = True
    assert await value.get() == 0
    assert not value.known
    assert await value.get() == 0
    assert source.reads == 1
    monkeypatch.setattr(recent, "_AGAIN_S", 0)
    source.away = False
    value.drop()
    assert await value.get() == 2
    source.away = True
    assert await value.get() == 2


async def test_one_who_stops_waiting_does_not_stop_the_others() -> None:
    source = Source()
    value = Recent(source.read, seconds=60, default=0)
    impatient, patient = asyncio.create_task(value.get()), asyncio.create_task(value.get())
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == 1


class Staff:
    """Staff as far as the exchange goes."""

    def __init__(self, signer: SigningKey) -> None:
        self.exchanges = 0
        self._signer = signer

    async def request(self, method: str, path: str, **_: Any) -> dict[str, str]:
        """Exchange whatever is given."""
        assert (method, path) == ("POST", "/internal/token-exchange")
        self.exchanges += 1
        now = utc_now()
        token = self._signer.sign(f"employee:{uuid4()}", now, name="Анна")
        return {"access_token": token, "expires_at": (now + LIFETIME).isoformat()}


async def test_a_signed_token_is_renewed_shortly_before_it_expires(keys: TestKeys) -> None:
    staff, passed = Staff(SigningKey("staff", keys.seed("staff"))), timedelta()
    sessions = Sessions(staff, KeyRing.parse(keys.ring), lambda: utc_now() + passed)  # type: ignore[arg-type]
    first = await sessions.of("t")
    passed = timedelta(seconds=105)
    assert await sessions.of("t") is first
    passed = timedelta(seconds=112)
    assert await sessions.of("t") is not first
    assert staff.exchanges == 2


def test_over_https_the_session_cookie_is_bound_to_this_host() -> None:
    cookies, response = Cookies(secure=True), Response()
    cookies.put_session(response, "t", datetime(2026, 12, 1, tzinfo=UTC))
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-voronka=t; ")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_message_can_be_read_only_in_the_session_for_which_it_was_left() -> None:
    cookies, response = Cookies(secure=False), Response()
    cookies.put_flash(response, Flash("bad", "На это нет права"), "mine")
    cookie = response.headers["set-cookie"].partition(";")[0]
    request = Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})
    assert cookies.flash(request, "mine") == Flash("bad", "На это нет права")
    assert cookies.flash(request, "another") is None
