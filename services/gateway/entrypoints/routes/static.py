"""The files that pages link to."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from services.gateway.adapters.assets import Asset
from services.gateway.entrypoints.dependencies import App

router = APIRouter(include_in_schema=False)

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"
_ICON = "img/mark.svg"


@router.get("/static/{path:path}")
async def static(path: str, request: Request, app: App, v: str = "") -> Response:
    """Send a file; an address that names its content may be kept for ever, any other is asked about again."""
    asset, lasting = app.assets.find(path, v)
    if asset is None:
        raise HTTPException(404)
    return _send(asset, request, _FOREVER if lasting else _ASK_AGAIN)


@router.get("/favicon.ico")
async def favicon(request: Request, app: App) -> Response:
    """Send the icon for browsers that ask without being told."""
    asset, _ = app.assets.find(_ICON)
    if asset is None:
        raise HTTPException(404)
    return _send(asset, request, _ASK_AGAIN)


def _send(asset: Asset, request: Request, caching: str) -> Response:
    """Send the file, packed where the browser can unpack it, or say that it has not changed."""
    packed = bool(asset.packed) and "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{asset.version}-gzip"' if packed else f'"{asset.version}"'
    headers = {"ETag": etag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    given = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if etag in given:
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.packed if packed else asset.content, media_type=asset.content_type, headers=headers)
