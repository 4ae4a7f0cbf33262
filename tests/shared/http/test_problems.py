"""Every error is a problem document, and none of them tells more than it should."""

from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, Body
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared.http.problems import STATUS
from shared.kernel.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidError,
    MissingError,
    StaleVersionError,
    UnauthorizedError,
    VoronkaError,
)
from shared.observability.tracing import new_traceparent
from tests.shared.http.asking import asked, fields

KINDS: dict[str, tuple[type[VoronkaError], int]] = {
    "invalid": (InvalidError, 400),
    "unauthorized": (UnauthorizedError, 401),
    "forbidden": (ForbiddenError, 403),
    "missing": (MissingError, 404),
    "conflict": (ConflictError, 409),
    "gone": (GoneError, 410),
    "precondition": (StaleVersionError, 412),
    "busy": (BusyError, 503),
}


class Given(BaseModel):
    """A body with a rule."""

    name: Annotated[str, Field(max_length=3)]
    count: int


router = APIRouter()


@router.get("/kind/{kind}")
async def fail(kind: str) -> None:
    """Raise the error of a kind."""
    raise KINDS[kind][0]("because", holder="Анна", title="mine", headers="mine")


@router.get("/own-status")
async def own_status() -> None:
    """Raise an error with a status of its own."""
    raise InvalidError(status=428)


@router.post("/given")
async def take(body: Given) -> None:
    """Take a body."""
    raise ConflictError(body.name)


@router.get("/broken")
async def broken() -> None:
    """Fail with a secret in the message."""
    raise RuntimeError("password=hunter2")


@router.get("/teapot")
async def teapot() -> None:
    """Raise an error of the framework."""
    raise HTTPException(418, "short and stout", headers={"X-Tea": "yes"})


@router.post("/anything")
async def anything(body: Annotated[Any, Body()]) -> Any:
    """Give back what came."""
    return body


def is_problem(answer: httpx2.Response) -> dict[str, Any]:
    """Return the problem document of an answer."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:voronka:problem:{body['title']}"
    return body


@pytest.mark.parametrize("kind", KINDS)
async def test_the_kind_of_an_error_decides_its_status(kind: str) -> None:
    async with asked(router) as client:
        answer = await client.get(f"/kind/{kind}")
    body = is_problem(answer)
    assert answer.status_code == KINDS[kind][1]
    assert body["detail"] == "because"
    assert body["holder"] == "Анна"
    assert body["title"] == KINDS[kind][0].slug


def test_every_kind_has_a_status() -> None:
    assert STATUS.keys() == KINDS.keys()


async def test_a_busy_error_says_when_to_come_back_and_an_unknown_asker_how() -> None:
    async with asked(router) as client:
        assert (await client.get("/kind/busy")).headers["retry-after"] == "1"
        assert (await client.get("/kind/unauthorized")).headers["www-authenticate"] == "Bearer"


async def test_an_error_may_have_a_status_of_its_own() -> None:
    async with asked(router) as client:
        answer = await client.get("/own-status")
    assert is_problem(answer)["status"] == 428


async def test_an_error_without_a_message_says_its_docstring() -> None:
    assert StaleVersionError().detail == "The record was changed by somebody else meanwhile."


async def test_a_body_that_does_not_fit_is_400_with_its_fields_named() -> None:
    async with asked(router) as client:
        answer = await client.post("/given", json={"name": "too long", "count": "many"})
    body = is_problem(answer)
    assert answer.status_code == 400
    assert fields(body["errors"]) == {"body.name", "body.count"}
    assert "too long" not in answer.text


@pytest.mark.parametrize(
    "sent", [b"", b"{", b"\xff\xfe", b"null", b'{"name": "\\ud800", "count": 1}', b"[" * 900]
)
async def test_a_body_that_is_no_json_is_400(sent: bytes) -> None:
    async with asked(router) as client:
        answer = await client.post("/given", content=sent, headers={"content-type": "application/json"})
    is_problem(answer)
    assert answer.status_code == 400


async def test_what_is_unexpected_tells_its_trace_and_nothing_else() -> None:
    traceparent = new_traceparent()
    async with asked(router) as client:
        answer = await client.get("/broken", headers={"traceparent": traceparent})
    body = is_problem(answer)
    assert answer.status_code == 500
    assert body["trace_id"] == traceparent[3:35]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("PUT", "/given", 405, "method-not-allowed"),
        ("GET", "/teapot", 418, "error"),
    ],
)
async def test_errors_of_the_framework_are_problems_too(
    method: str, path: str, status: int, slug: str
) -> None:
    async with asked(router) as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert is_problem(answer)["title"] == slug


async def test_the_headers_of_a_framework_error_are_kept() -> None:
    async with asked(router) as client:
        assert (await client.get("/teapot")).headers["x-tea"] == "yes"


async def test_a_lone_surrogate_in_an_echoed_value_breaks_nothing() -> None:
    async with asked(router) as client:
        answer = await client.post(
            "/anything", content=b'"\\ud800"', headers={"content-type": "application/json"}
        )
    assert answer.status_code in {200, 400, 500}
    assert answer.headers["content-type"].endswith("json")
