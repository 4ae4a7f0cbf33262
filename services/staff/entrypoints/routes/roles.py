"""Roles over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.staff.adapters import views
from services.staff.application.commands.save_role import ChangeRole, change_role, create_role
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import RoleCreate, RoleOut, RolePatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Page, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/roles", tags=["roles"])


@router.get("")
async def list_roles(request: Request, app: App, who: Who) -> Page[RoleOut]:
    """List roles with their members."""
    who.require("roles", "read")
    found, cursor = await views.list_roles(app.engine, parse(request, views.ROLES))
    return Page(items=[RoleOut.of(role) for role in found], next_cursor=cursor)


@router.get("/{role_id}")
async def get_role(role_id: UUID, response: Response, app: App, who: Who) -> RoleOut:
    """Read one role."""
    who.require("roles", "read")
    role = await views.read_role(app.engine, role_id)
    put_etag(response, role.version)
    return RoleOut.of(role)


@router.post("", status_code=201)
async def add_role(body: RoleCreate, response: Response, app: App, who: Who) -> RoleOut:
    """Create a role."""
    who.require("roles", "edit")
    async with app.work() as work:
        role = await create_role(body.changed(), work, app.clock())
    put_etag(response, role.version)
    return RoleOut.of(role)


@router.patch("/{role_id}")
async def patch_role(
    role_id: UUID, body: RolePatch, request: Request, response: Response, app: App, who: Who
) -> RoleOut:
    """Change a role; needs If-Match."""
    who.require("roles", "edit")
    async with app.work() as work:
        with showing_current(RoleOut.of):
            role = await change_role(
                ChangeRole(role_id, body.changed(), if_match(request)), work, app.clock()
            )
    put_etag(response, role.version)
    return RoleOut.of(role)
