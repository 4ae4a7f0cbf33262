"""The description of the public API, for programs and for people."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.bootstrap import Gateway
from services.gateway.domain.owners import BASE
from services.gateway.entrypoints.dependencies import App, Render, visitor
from services.gateway.entrypoints.visitors import anonymous
from services.gateway.pages.api_docs import api_groups
from shared.kernel.errors import BusyError, UnauthorizedError

router = APIRouter(include_in_schema=False)

_MISSING = "x-unavailable"


async def _document(app: Gateway) -> dict[str, Any]:
    found = await app.openapi.get()
    if _MISSING in found:
        app.openapi.drop()
    return found


@router.get(f"{BASE}openapi.json")
async def openapi(app: App) -> Response:
    """Describe the public API of all units in one document."""
    return JSONResponse(await _document(app), headers={"Cache-Control": "public, max-age=60"})


@router.get("/api/docs")
async def docs(request: Request, app: App, render: Render) -> Response:
    """Show the description as a page, in the reader's frame if he is signed in."""
    document = await _document(app)
    try:
        who = await visitor(request, app)
    except (UnauthorizedError, BusyError):
        reader, shell = anonymous(request, app), None
    else:
        reader, shell = who.reader, who.shell(request, "api")
    return render.page(
        request,
        "api_docs.html",
        reader,
        shell=shell,
        groups=api_groups(document),
        missing=document.get(_MISSING, []),
        base=f"{app.settings.public_url}{BASE}",
    )
