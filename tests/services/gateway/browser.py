"""A browser without eyes: keeps cookies, knows the page's token, follows nothing by itself."""

import re
from dataclasses import dataclass
from typing import Any

import httpx2

from services.gateway.pages.shell import csrf_token

COOKIE = "voronka"
PASSWORD = "correct horse"
_CSRF = re.compile(r'data-csrf="([0-9a-f]+)"')


@dataclass(slots=True)
class Browser:
    """Speaks to the gateway as a reader's browser does."""

    http: httpx2.AsyncClient

    @property
    def token(self) -> str:
        """The session token in the cookie jar."""
        return str(self.http.cookies.get(COOKIE) or "")

    @property
    def csrf(self) -> str:
        """The token that pages of this session carry."""
        return csrf_token(self.token)

    async def get(self, address: str) -> httpx2.Response:
        """Read."""
        return await self.http.get(address)

    async def part(self, address: str) -> httpx2.Response:
        """Read as a script of a page."""
        return await self.http.get(address, headers={"X-Requested-With": "fetch"})

    async def send(
        self, address: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        """Send a form of a page."""
        return await self.http.post(address, data={"csrf": self.csrf, **(form or {})}, headers=headers)

    async def act(self, address: str, form: dict[str, str] | None = None) -> httpx2.Response:
        """Do something as a script of a page."""
        headers = {"Accept": "application/json", "X-CSRF-Token": self.csrf}
        return await self.http.post(address, data=form or {}, headers=headers)

    async def log_in(self, login: str, password: str = PASSWORD, **form: str) -> httpx2.Response:
        """Send the login form."""
        return await self.http.post("/login", data={"login": login, "password": password, **form})


def shown_csrf(answer: httpx2.Response) -> str:
    """Return the token that a page gives to its scripts."""
    found = _CSRF.search(answer.text)
    assert found is not None
    return found.group(1)


def json_of(answer: httpx2.Response) -> Any:
    """Return the JSON of an answer that must not be a refusal."""
    assert answer.status_code == 200, answer.text
    return answer.json()
