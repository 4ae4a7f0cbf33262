"""Making people in tests."""

import hashlib
import secrets
from typing import Any

import httpx2

from shared.http.client_address import CLIENT_ADDRESS
from tests.services.asking import Asked

ADMIN_PASSWORD = "correct horse battery staple"
PASSWORD = "Ясный-вечер-42"
EMPLOYEES, ROLES, SESSION = "/api/v1/employees", "/api/v1/roles", "/api/v1/session"


async def new_employee(staff: Asked, **settings: Any) -> dict[str, Any]:
    """Create an employee with a login that nobody else has; without a password, which takes long to hash."""
    login = f"user-{secrets.token_hex(4)}"
    return await staff.create(EMPLOYEES, **{"login": login, "name": "Пётр Петров", **settings})


async def new_role(staff: Asked, **settings: Any) -> dict[str, Any]:
    """Create a role."""
    return await staff.create(ROLES, **{"name": f"Отдел {secrets.token_hex(3)}", **settings})


async def built_in(staff: Asked, key: str) -> dict[str, Any]:
    """Return a built-in role."""
    (found,) = (await staff.read(f"{ROLES}?key={key}"))["items"]
    role: dict[str, Any] = found
    return role


async def log_in(
    staff: Asked, login: str, password: str = PASSWORD, *, address: str = "", **more: Any
) -> httpx2.Response:
    """Try to log in through the gateway, from an address that nobody else has if none is given."""
    digest = hashlib.sha256(login.encode()).digest()
    headers = {CLIENT_ADDRESS: address or ".".join(["10", *map(str, digest[:3])])}
    body = {"login": login, "password": password, **more}
    return await staff.ask("POST", SESSION, body, asker="unit", headers=headers)


async def token_of(staff: Asked, login: str, password: str = PASSWORD) -> str:
    """Log in and return the opaque token."""
    answer = await log_in(staff, login, password)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def exchange(staff: Asked, token: str, *, asker: str = "unit") -> httpx2.Response:
    """Exchange an opaque token."""
    return await staff.ask("POST", "/internal/token-exchange", {"token": token}, asker=asker)
