"""The company's settings over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.staff.adapters.tables import company
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import CompanyBody, CompanyOut
from shared.contracts.staff import CompanyChanged
from shared.http.etag import if_match, put_etag
from shared.http.tokens import Who
from shared.kernel.errors import StaleVersionError

router = APIRouter(prefix="/api/v1/company", tags=["company"])

_THE_ONE = 1
_AGGREGATE = UUID(int=_THE_ONE)


async def _read(connection: AsyncConnection) -> CompanyOut:
    row = (await connection.execute(select(company).where(company.c.id == _THE_ONE))).mappings().first()
    return CompanyOut(**{name: row[name] for name in CompanyOut.model_fields}) if row else CompanyOut()


@router.get("")
async def get_company(response: Response, app: App, who: Who) -> CompanyOut:
    """Read the company's settings; defaults until somebody sets them."""
    who.require("company", "read")
    async with app.engine.connect() as connection:
        found = await _read(connection)
    put_etag(response, found.version)
    return found


@router.patch("")
async def patch_company(
    body: CompanyBody, request: Request, response: Response, app: App, who: Who
) -> CompanyOut:
    """Change the company's settings; needs If-Match."""
    who.require("company", "edit")
    seen = if_match(request)
    async with app.work() as work:
        before = await _read(work.connection)
        if seen is not None and seen != before.version:
            raise StaleVersionError(current=before)
        given = {name: getattr(body, name) for name in body.model_fields_set}
        after = before.model_copy(update={**given, "version": before.version + 1})
        row = {"id": _THE_ONE, "updated_at": app.clock(), **after.model_dump()}
        statement = insert(company).values(**row)
        await work.connection.execute(
            statement.on_conflict_do_update(index_elements=[company.c.id], set_=row)
        )
        await work.publish(CompanyChanged(**after.model_dump()), aggregate=_AGGREGATE)
    put_etag(response, after.version)
    return after
