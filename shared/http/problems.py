"""Errors as application/problem+json (RFC 9457): the edge decides the status, nothing else does."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.kernel.errors import Kind, VoronkaError

STATUS: dict[Kind, int] = {
    "invalid": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "missing": 404,
    "conflict": 409,
    "gone": 410,
    "precondition": 412,
    "busy": 503,
}
_MOST_ERRORS = 20
_OWN = {"type", "title", "status", "detail", "slug", "headers"}


def problem(
    status: int, slug: str, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> JSONResponse:
    """Return one problem document."""
    body = {"type": f"urn:voronka:problem:{slug}", "title": slug, "status": status, "detail": detail, **extra}
    return JSONResponse(
        jsonable_encoder(body), status, headers=headers or {}, media_type="application/problem+json"
    )


def of_error(error: VoronkaError) -> JSONResponse:
    """Return the problem document of one of our errors."""
    status = int(error.extra.get("status", STATUS[error.kind]))
    extra = {key: value for key, value in error.extra.items() if key not in _OWN}
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    if error.kind == "unauthorized":
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, error.slug, error.detail, headers=headers, **extra)


def install(app: FastAPI) -> None:
    """Answer every known error with a problem document; what is unexpected passes on to the outermost layer."""

    @app.exception_handler(VoronkaError)
    async def ours(_: Request, error: VoronkaError) -> JSONResponse:
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        found = [
            {"field": ".".join(str(part) for part in item["loc"]), "detail": str(item["msg"])[:200]}
            for item in error.errors()[:_MOST_ERRORS]
        ]
        return problem(400, "invalid-input", "The request is not acceptable.", errors=found)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        slug = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "error")
        return problem(error.status_code, slug, str(error.detail), headers=dict(error.headers or {}))
