"""The owners of data as the gateway meets them, in one small HTTP server that remembers what it was asked."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from shared.http.problems import of_error, problem
from shared.http.tokens import LIFETIME, KeyRing, Principal, SigningKey
from shared.kernel.clock import utc_now
from shared.kernel.errors import MissingError, UnauthorizedError, VoronkaError
from tests.services.gateway.company import Json, Person, by_id

CAPPED = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    who: Principal | None


@dataclass(slots=True)
class Owners:
    """What they own and how they behave; a test puts in what it needs."""

    signer: SigningKey
    ring: KeyRing
    people: dict[str, Person] = field(default_factory=dict)
    sessions: dict[str, Person] = field(default_factory=dict)
    leads: list[Json] = field(default_factory=list)
    inquiries: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    decisions: list[Json] = field(default_factory=list)
    roles: list[Json] = field(default_factory=list)
    channels: list[Json] = field(default_factory=list)
    reasons: list[Json] = field(default_factory=list)
    refuse: dict[str, Response] = field(default_factory=dict)
    """Path -> the answer given there instead."""
    slow: dict[str, float] = field(default_factory=dict)
    """Text -> seconds that a request takes whose path and query hold it."""
    asked: list[Asked] = field(default_factory=list)

    def reset(self) -> None:
        """Forget everything but the keys."""
        for name in self.__slots__:
            if name not in {"signer", "ring"}:
                getattr(self, name).clear()

    def employ(self, person: Person) -> Person:
        """Let somebody log in."""
        self.people[person.login] = person
        return person

    def count(self, path: str, method: str = "") -> int:
        """Return how often a path was asked for."""
        return len([item for item in self.asked if item.path == path and method in {"", item.method}])

    def last(self, path: str) -> Asked:
        """Return the latest request for a path."""
        return next(item for item in reversed(self.asked) if item.path == path)

    def principal(self, request: Request) -> Principal | None:
        """Return who asks; UnauthorizedError for a token that nobody of ours signed."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            return None
        if scheme != "Bearer":
            raise UnauthorizedError
        return self.ring.verify(token, utc_now())

    def open(self, login: str, password: str) -> Json:
        """Open a session."""
        person = self.people.get(login)
        if person is None or person.password != password or not person.is_active:
            raise UnauthorizedError
        token = secrets.token_urlsafe(16)
        self.sessions[token] = person
        return {"token": token, "expires_at": (utc_now() + 100 * LIFETIME).isoformat()}

    def exchange(self, token: str) -> Json:
        """Exchange an opaque token."""
        person = self.sessions.get(token)
        if person is None or not person.is_active:
            raise UnauthorizedError
        now = utc_now()
        signed = self.signer.sign(
            f"employee:{person.id}",
            now,
            name=person.name,
            roles=[str(role) for role in person.roles],
            heads=[str(role) for role in person.heads],
            grants=person.grants,
        )
        return {"access_token": signed, "expires_at": (now + LIFETIME).isoformat()}

    def me(self, who: Principal) -> Json:
        """Return what somebody may know of himself."""
        person = next(item for item in self.people.values() if str(item.id) == who.subject)
        return {
            "id": who.subject,
            "name": person.name,
            "login": person.login,
            "email": "",
            "language": person.language,
            "roles": [{"id": str(role), "name": "Отдел продаж"} for role in person.roles],
        }

    def found(self, query: str) -> list[Json]:
        """Return the leads of a filter, as far as tests use one."""
        params = parse_qs(query)
        items = self.leads
        if "ids" in params:
            wanted = ",".join(params["ids"]).split(",")
            items = [item for item in items if item["id"] in wanted]
        if "status" in params:
            items = [item for item in items if item["status"] in params["status"]]
        for bound, keep in (("claimed_at_from", True), ("claimed_at_to", False)):
            if bound in params:
                items = [item for item in items if ((item["claimed_at"] or "") >= params[bound][0]) is keep]
        if "q" in params:
            items = [item for item in items if params["q"][0] in item["name"]]
        return items

    def list_of(self, query: str) -> Json:
        """Return one page of leads."""
        params, items = parse_qs(query), self.found(query)
        limit, start = int(params.get("limit", ["50"])[0]), int(params.get("cursor", ["0"])[0])
        more = str(start + limit) if len(items) > start + limit else None
        return {"items": items[start : start + limit], "next_cursor": more}

    def move(self, inquiry_id: str, body: Json) -> Json:
        """Tie an inquiry to another lead; without one to the first lead there is."""
        inquiry = by_id(self.inquiries, inquiry_id)
        if inquiry is None:
            raise MissingError
        inquiry["lead_id"] = body["lead_id"] or self.leads[0]["id"]
        return {"lead_id": inquiry["lead_id"]}

    def act(self, lead_id: str, action: str, who: Principal) -> Json:
        """Do something to a lead, the way its owner would."""
        lead = by_id(self.leads, lead_id)
        if lead is None:
            raise MissingError
        lead["version"] += 1
        owner = {"type": "employee", "id": who.subject, "name": who.name}
        changes: dict[str, Json] = {
            "claim": {
                "status": "in_work",
                "responsible": owner,
                "claimed_at": utc_now().isoformat(),
                "waiting_since": None,
            },
            "answered": {"waiting_since": None, "first_response_at": utc_now().isoformat()},
            "not-answered": {"waiting_since": utc_now().isoformat(), "first_response_at": None},
            "give-back": {"status": "new", "responsible": None, "claimed_at": None},
            "reject": {"status": "rejected", "closed_at": utc_now().isoformat()},
            "mark-spam": {"status": "rejected", "closed_at": utc_now().isoformat()},
            "reopen": {"status": "new", "closed_at": None},
            "read": {"unread_count": 0},
            "hand-over": {"responsible": {**owner, "name": "Иван Петров"}},
        }
        lead.update(changes[action])
        return lead


def server_of(owners: Owners) -> FastAPI:
    """Return the HTTP application of all owners."""
    app = FastAPI(openapi_url=None)

    @app.exception_handler(VoronkaError)
    async def ours(_: Request, error: VoronkaError) -> Response:
        return of_error(error)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def answer(request: Request) -> Response:
        path, query = request.url.path, request.url.query
        who = owners.principal(request)
        body = await request.body()
        owners.asked.append(Asked(request.method, path, query, dict(request.headers), body, who))
        await asyncio.sleep(sum(s for text, s in owners.slow.items() if text in f"{path}?{query}"))
        if refusal := owners.refuse.get(path):
            return refusal
        found = _answer(owners, request, who, await _json(request, body))
        return found if isinstance(found, Response) else JSONResponse(found)

    return app


async def _json(request: Request, body: bytes) -> Any:
    return await request.json() if body and "json" in request.headers.get("content-type", "") else {}


def _answer(owners: Owners, request: Request, who: Principal | None, body: Any) -> Any:
    path = request.url.path
    if path == "/internal/token-exchange":
        if who is None or who.kind != "unit":
            raise UnauthorizedError
        return owners.exchange(body["token"])
    if path == "/api/v1/session":
        return _session(owners, request, body)
    if path == "/api/v1/openapi.json":
        return owners.refuse.get("openapi") or {"paths": {}}
    if who is None:
        raise UnauthorizedError
    if path == "/api/v1/me":
        return owners.me(who)
    if path == "/api/v1/company":
        return {"name": "ООО «Ромашка»", "time_zone": "Europe/Moscow"}
    return _leads(owners, request, who, body)


def _session(owners: Owners, request: Request, body: Any) -> Any:
    if request.method == "DELETE":
        owners.sessions.pop(request.headers.get("x-session-token", ""), None)
        return Response(status_code=204)
    return JSONResponse(owners.open(body["login"], body["password"]), 201)


def _leads(owners: Owners, request: Request, who: Principal, body: Any) -> Any:
    path, query = request.url.path, request.url.query
    lists = {
        "/api/v1/roles": owners.roles,
        "/api/v1/channels": owners.channels,
        "/api/v1/rejection-reasons": owners.reasons,
        "/api/v1/leads/assignees": [
            {"type": "employee", "id": str(person.id), "name": person.name, "detail": ""}
            for person in owners.people.values()
        ],
        "/api/v1/inquiries": owners.inquiries,
    }
    if path in lists:
        params = parse_qs(query)
        items = lists[path][:: -1 if params.get("sort") == ["received_at"] else 1]
        limit = int(params.get("limit", ["50"])[0])
        return {"items": items[:limit], "next_cursor": "more" if len(items) > limit else None}
    if path == "/api/v1/leads":
        return owners.list_of(query)
    if path == "/api/v1/leads/count":
        return {"count": len(owners.found(query)), "capped": False}
    return _one(owners, request, who, body)


def _one(owners: Owners, request: Request, who: Principal, body: Any) -> Any:
    kind, identity, action = [*request.url.path.split("/"), ""][3:6]
    if kind == "leads" and request.method == "POST":
        return owners.act(identity, action, who)
    if kind == "inquiries" and request.method == "POST":
        return owners.move(identity, body)
    if action in {"decisions", "history"}:
        return {"items": owners.decisions if action == "decisions" else owners.history}
    found = by_id(owners.leads, identity)
    if found is None:
        return problem(404, "lead-not-found", "There is no such lead.")
    return JSONResponse(found, headers={"ETag": f'"{found["version"]}"'})
