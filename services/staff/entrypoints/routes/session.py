"""Logins and the exchange of opaque tokens for signed ones."""

from typing import Any

from fastapi import APIRouter, Request

from services.staff.application.commands.log_in import LogIn, log_in, token_hash
from services.staff.domain.errors import EmployeeMissingError
from services.staff.domain.grants import union
from services.staff.entrypoints.dependencies import App, ClientAddress
from services.staff.entrypoints.schemas import Exchange, Exchanged, SessionCreate, SessionOut
from shared.http.tokens import LIFETIME, Who
from shared.kernel.errors import UnauthorizedError

router = APIRouter(prefix="/api/v1", tags=["session"])
internal = APIRouter(prefix="/internal", include_in_schema=False)


@router.post("/session", status_code=201)
async def open_session(body: SessionCreate, app: App, address: ClientAddress) -> SessionOut:
    """Log in."""
    command = LogIn(body.login, body.password, address, body.remember)
    opened = await log_in(command, app.sessions, app.passwords, app.clock())
    who = {"id": opened.employee.id, "name": opened.employee.name, "language": opened.employee.language}
    return SessionOut(token=opened.token, expires_at=opened.expires_at, employee=who)


@router.delete("/session", status_code=204)
async def close_session(request: Request, app: App) -> None:
    """Log out: the opaque token of the request is worth nothing from now on."""
    await app.sessions.close(token_hash(request.headers.get("x-session-token", "")))


@router.get("/me")
async def get_me(app: App, who: Who) -> dict[str, Any]:
    """Say who I am and what I may do."""
    found = await app.sessions.person(who.employee_id)
    if found is None:
        raise EmployeeMissingError
    employee, roles = found.employee, found.roles
    return {
        "id": employee.id,
        "number": employee.number,
        "name": employee.name,
        "login": employee.login,
        "email": employee.email,
        "is_active": employee.is_active,
        "language": employee.language,
        "roles": [{"id": role.id, "name": role.name} for role in roles],
        "grants": union(role.grants for role in roles),
    }


@internal.post("/token-exchange")
async def exchange_token(body: Exchange, app: App, who: Who) -> Exchanged:
    """Exchange an opaque token for a signed one; 401 when its session has ended or the employee is disabled."""
    who.require_unit()
    now = app.clock()
    found = await app.sessions.find(token_hash(body.token), now)
    if found is None:
        raise UnauthorizedError
    employee = found.employee
    token = app.signer.sign(
        f"employee:{employee.id}",
        now,
        name=employee.name,
        language=employee.language,
        roles=[str(role.id) for role in found.roles],
        heads=[str(role_id) for role_id in found.heads],
        grants=union(role.grants for role in found.roles),
    )
    return Exchanged(access_token=token, expires_at=now + LIFETIME, employee_id=employee.id)
