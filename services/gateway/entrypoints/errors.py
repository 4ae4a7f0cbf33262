"""What goes wrong, as the asker can use it: a page in his language, or a problem document for scripts."""

from collections.abc import Callable
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from services.gateway.domain.owners import BASE
from services.gateway.entrypoints.asking import address_of, is_part
from services.gateway.entrypoints.dependencies import SignInNeededError, composed, rendered
from services.gateway.entrypoints.visitors import anonymous
from shared.http.middleware import App, Message, Receive, Scope, Send
from shared.http.problems import STATUS, of_error, problem
from shared.kernel.errors import VoronkaError
from shared.observability.tracing import trace_id

_SERVER_ERROR = 500

log = structlog.get_logger(__name__)


class Failsafe:
    """Answers what nobody caught with a page or a problem; the trace id leads to the log."""

    def __init__(self, app: App, answer: Callable[[Request], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        started = False

        async def note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            log.exception("unexpected error", path=scope["path"])
            await self._answer(Request(scope, receive))(scope, receive, send)


def install(app: FastAPI) -> None:
    """Answer the errors of pages with pages; the public API and scripts keep their problem documents."""
    problem_of_http, problem_of_input = (
        app.exception_handlers[HTTPException],
        app.exception_handlers[RequestValidationError],
    )

    @app.exception_handler(VoronkaError)
    async def ours(request: Request, error: VoronkaError) -> Response:
        if isinstance(error, SignInNeededError):
            return _to_login(request)
        if _for_scripts(request):
            error.extra["status"] = status_of(error)
            return of_error(error)
        return error_page(request, status_of(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if _for_scripts(request):
            answer: Response = await problem_of_http(request, error)  # type: ignore[misc]
            return answer
        return error_page(request, error.status_code)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        in_path = any(item["loc"][:1] == ("path",) for item in error.errors())
        if _for_scripts(request):
            if in_path:
                return problem(404, "not-found", "There is no such thing.")
            answer: Response = await problem_of_input(request, error)  # type: ignore[misc]
            return answer
        return error_page(request, 404 if in_path else 400)


def status_of(error: VoronkaError) -> int:
    """Return the status of a refusal; whatever failed at an owner is for our reader only unavailable."""
    status = int(error.extra.get("status", STATUS[error.kind]))
    return STATUS["busy"] if status >= _SERVER_ERROR else status


def unexpected(request: Request) -> Response:
    """Answer a request during which something failed that nobody foresaw."""
    if _for_scripts(request):
        return problem(_SERVER_ERROR, "internal", "Something went wrong on our side.", trace_id=trace_id())
    return error_page(request, _SERVER_ERROR)


def error_page(request: Request, status: int) -> Response:
    """Return the page that explains a status to a reader."""
    reader = anonymous(request, composed(request))
    words = reader.words
    known = status if words.has(f"error.{status}.title") else (500 if status >= _SERVER_ERROR else 404)
    trace = trace_id()
    return rendered(request).page(
        request,
        "error.html",
        reader,
        code=status,
        status=status,
        title=words.t(f"error.{known}.title"),
        text=words.t(f"error.{known}.text", trace=trace),
        trace=trace,
    )


def _for_scripts(request: Request) -> bool:
    return request.url.path.startswith(BASE) or is_part(request)


def _to_login(request: Request) -> Response:
    address = address_of(request) if request.method == "GET" else "/"
    query = urlencode({"next": address}) if address != "/" else ""
    return RedirectResponse(f"/login?{query}" if query else "/login", status_code=303)
