"""Roles over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.staff.adapters.repository import roles_with_members, to_role
from services.staff.adapters.tables import roles
from services.staff.application.commands.save_role import ChangeRole, change_role, create_role
from services.staff.domain.errors import RoleMissingError
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import RoleCreate, RoleOut, RolePatch
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.pages import Listing, Page, fetch, parse
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/roles", tags=["roles"])

_LISTING = Listing(
    table_id=roles.c.id,
    sorts={"name": roles.c.name, "created_at": roles.c.created_at, "updated_at": roles.c.updated_at},
    default_sort="name",
    filters={"key": roles.c.key.in_},
    search=lambda q: roles.c.name.icontains(q, autoescape=True),
    updated=roles.c.updated_at,
)


@router.get("")
async def list_roles(request: Request, app: App, who: Who) -> Page[RoleOut]:
    """List roles with their members."""
    who.require("roles", "read")
    query = parse(request, _LISTING)
    async with app.engine.connect() as connection:
        rows, cursor = await fetch(connection, roles_with_members(), query, _LISTING)
    return Page(items=[RoleOut.of(to_role(row)) for row in rows], next_cursor=cursor)


@router.get("/{role_id}")
async def get_role(role_id: UUID, response: Response, app: App, who: Who) -> RoleOut:
    """Read one role."""
    who.require("roles", "read")
    async with app.engine.connect() as connection:
        row = (await connection.execute(roles_with_members().where(roles.c.id == role_id))).mappings().first()
    if row is None:
        raise RoleMissingError
    put_etag(response, row["version"])
    return RoleOut.of(to_role(row))


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
