"""`/hooks/forms/form.js`: the script that sends the forms of any page."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request, Response

from shared.http.plain import PlainRoute

PATH = "/hooks/forms/form.js"
_FILE = Path(__file__).parent / "pages" / "form.js"
_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


async def give_script(request: Request) -> Response:
    """Give the script; browsers keep it for an hour and then ask whether it has changed."""
    script, etag = _script()
    headers = {**_HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(script, headers=headers, media_type="text/javascript")


@cache
def _script() -> tuple[bytes, str]:
    script = _FILE.read_bytes()
    return script, f'"{hashlib.sha256(script).hexdigest()[:16]}"'


ROUTES = (PlainRoute(PATH, give_script, methods=["GET"]),)
