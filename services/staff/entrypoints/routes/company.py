"""The company's settings over HTTP."""

from fastapi import APIRouter, Request, Response

from services.staff.adapters.company import read_company
from services.staff.application.commands.change_company import ChangeCompany, change_company
from services.staff.entrypoints.dependencies import App
from services.staff.entrypoints.schemas import CompanyBody, CompanyOut
from shared.http.etag import if_match, put_etag, showing_current
from shared.http.tokens import Who

router = APIRouter(prefix="/api/v1/company", tags=["company"])


@router.get("")
async def get_company(response: Response, app: App, who: Who) -> CompanyOut:
    """Read the company's settings; defaults until somebody sets them."""
    who.require("company", "read")
    found = await read_company(app.engine)
    put_etag(response, found.version)
    return CompanyOut.of(found)


@router.patch("")
async def patch_company(
    body: CompanyBody, request: Request, response: Response, app: App, who: Who
) -> CompanyOut:
    """Change the company's settings; needs If-Match."""
    who.require("company", "edit")
    command = ChangeCompany(body.changed(), if_match(request))
    async with app.work() as work:
        with showing_current(CompanyOut.of):
            company = await change_company(command, work, app.clock())
    put_etag(response, company.version)
    return CompanyOut.of(company)
