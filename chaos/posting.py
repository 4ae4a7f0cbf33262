"""One post to a hook, journaled before and after."""

import json
from dataclasses import dataclass

import httpx2

from bench.backlog import spelled
from chaos.ledger import Ledger, Outcome
from chaos.people import phone_key

_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Post:
    """A form as a site sends it; `key` is its Idempotency-Key."""

    hook: str
    key: str
    phone: int
    way: int = 0
    text: str = "Нужен расчёт кровли"
    poison: bool = False
    email: str = ""
    note: str = ""
    """A further field, for bodies that are large."""

    @property
    def body(self) -> bytes:
        """The body: always the same for the same post."""
        said = {"name": f"Клиент {self.phone % 100_000}", "comment": f"{self.text} [{self.key}]"}
        said |= {"email": self.email} if self.email else {"phone": spelled(self.phone, self.way)}
        said |= {"note": self.note} if self.note else {}
        return json.dumps(said, ensure_ascii=False).encode()

    @property
    def identity(self) -> str:
        """The key by which the person is known; empty where he is known by more than his phone."""
        return "" if self.email else phone_key(spelled(self.phone, self.way))


class Poster:
    """Posts to the hooks of one system."""

    def __init__(self, ledger: Ledger, hooks_url: str) -> None:
        self._ledger = ledger
        self._http = httpx2.AsyncClient(
            base_url=hooks_url,
            trust_env=False,
            timeout=httpx2.Timeout(10, connect=3),
            limits=httpx2.Limits(max_connections=1_200, max_keepalive_connections=40, keepalive_expiry=3),
        )

    async def send(self, post: Post) -> Outcome:
        """Send once and say what came of it."""
        body = post.body
        self._ledger.send(post.key, body, post.identity, poison=post.poison)
        outcome, status, why, given_id = await self._sent(post, body)
        self._ledger.answer(post.key, outcome, status=status, why=why, given_id=given_id)
        return outcome

    async def _sent(self, post: Post, body: bytes) -> tuple[Outcome, int, str, str]:
        headers = {"Idempotency-Key": post.key, "Content-Type": "application/json"}
        try:
            answer = await self._http.post(f"/hooks/forms/{post.hook}", content=body, headers=headers)
        except _NEVER_SENT as error:
            return "fail", 0, type(error).__name__, ""
        except httpx2.TransportError as error:
            return "doubt", 0, type(error).__name__, ""
        if answer.is_success:
            return "ok", answer.status_code, "", str(answer.json().get("inquiry_id", ""))
        outcome: Outcome = "doubt" if answer.status_code >= _SERVER_ERROR else "fail"
        return outcome, answer.status_code, "", ""

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
