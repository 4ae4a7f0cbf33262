"""Dead letters of every unit and the quarantine, as administrators work on them: each unit fails alone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from services.gateway.application.ports import Owner, Params
from services.gateway.pages.reader import Json
from shared.kernel.errors import UnauthorizedError, VoronkaError

LETTERS = "/api/v1/dead-letters"
QUARANTINE = "/api/v1/quarantine"
_PAGE = "50"
_MANY_WITHIN_S = 15.0
_ONE_WITHIN_S = 6.0  # the broker has five to confirm

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One list: of a unit's dead letters, or of the quarantine; `count` is how many wait in all."""

    unit: str
    items: list[Json] = field(default_factory=list)
    more: str | None = None
    count: int = 0
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """How many were set going, how many could be yet, how many have no queue any more, and who did not answer."""

    done: int
    left: int
    gone: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What one administrator asks the owners for, under his token."""

    owners: Mapping[str, Owner]
    quarantine: Owner
    token: str

    async def letters(self, state: str, *, unit: str = "", cursor: str = "") -> list[Found]:
        """Read the lists of all units, or of one from a cursor on."""
        wanted = [unit] if unit else list(self.owners)
        return list(await asyncio.gather(*(self._letters(name, state, cursor) for name in wanted)))

    async def _letters(self, unit: str, state: str, cursor: str) -> Found:
        return await self._list(unit, self.owners[unit], LETTERS, state, cursor)

    async def quarantined(self, state: str, *, cursor: str = "") -> Found:
        """Read the quarantine."""
        return await self._list("", self.quarantine, QUARANTINE, state, cursor)

    async def _list(self, unit: str, owner: Owner, address: str, state: str, cursor: str) -> Found:
        params: Params = [("state", state), ("limit", _PAGE)]
        if cursor:
            params.append(("cursor", cursor))
        try:
            page, counted = await asyncio.gather(
                owner.get(address, token=self.token, params=params),
                owner.get(f"{address}/count", token=self.token),
            )
        except VoronkaError as error:
            self._bear(error, unit, cursor)
            return Found(unit, failed=True)
        return Found(unit, page["items"], page["next_cursor"], int(counted["count"]))

    async def waiting(self) -> tuple[int | None, int | None]:
        """Return how many dead letters and how many in quarantine wait; None where an owner does not answer."""
        counts = await asyncio.gather(
            *(self._count(owner, f"{LETTERS}/count") for owner in self.owners.values()),
            self._count(self.quarantine, f"{QUARANTINE}/count"),
        )
        letters = [count for count in counts[:-1] if count is not None]
        return sum(letters) if len(letters) == len(self.owners) else None, counts[-1]

    async def _count(self, owner: Owner, address: str) -> int | None:
        try:
            return int((await owner.get(address, token=self.token))["count"])
        except VoronkaError as error:
            self._bear(error, address)
            return None

    async def letter(self, unit: str, letter_id: object) -> Json:
        """Read one dead letter."""
        found: Json = await self.owners[unit].get(f"{LETTERS}/{letter_id}", token=self.token)
        return found

    async def post(self, post_id: object) -> Json:
        """Read one post in quarantine."""
        found: Json = await self.quarantine.get(f"{QUARANTINE}/{post_id}", token=self.token)
        return found

    async def replay(self, unit: str, letter_id: object) -> None:
        """Give one letter back to its queue."""
        await self._send(self.owners[unit], f"{LETTERS}/{letter_id}/replay", _ONE_WITHIN_S)

    async def replay_all(self, unit: str = "") -> Done:
        """Give the letters of one unit, or of all, back to their queues."""
        wanted = [unit] if unit else list(self.owners)
        answers = await asyncio.gather(*(self._replay_all(name) for name in wanted))
        known = [answer for answer in answers if answer is not None]
        failed = tuple(name for name, answer in zip(wanted, answers, strict=True) if answer is None)
        done, left, gone = (sum(answer[name] for answer in known) for name in ("replayed", "left", "gone"))
        return Done(done, left - gone, gone, failed)

    async def _replay_all(self, unit: str) -> Json | None:
        try:
            found: Json = await self._send(self.owners[unit], f"{LETTERS}/replay", _MANY_WITHIN_S)
        except VoronkaError as error:
            self._bear(error, unit)
            return None
        return found

    async def translate_again(self, post_id: object) -> None:
        """Let the connector translate one post again."""
        await self._send(self.quarantine, f"{QUARANTINE}/{post_id}/translate-again", _ONE_WITHIN_S)

    async def translate_all_again(self) -> int:
        """Let the connectors translate everything again; return how many were asked for."""
        found = await self._send(self.quarantine, f"{QUARANTINE}/translate-again", _MANY_WITHIN_S)
        return int(found["asked"])

    async def drop_letter(self, unit: str, letter_id: object, reason: str) -> None:
        """Throw one letter away."""
        await self._drop(self.owners[unit], f"{LETTERS}/{letter_id}", reason)

    async def drop_queue(self, unit: str, queue: str, reason: str) -> int:
        """Throw all waiting letters of a queue away; return how many these were."""
        found = await self.owners[unit].request(
            "POST",
            f"{LETTERS}/drop",
            token=self.token,
            json={"queue": [queue], "reason": reason},
            within_s=_MANY_WITHIN_S,
        )
        return int(found["dropped"])

    async def drop_post(self, post_id: object, reason: str) -> None:
        """Throw one post away."""
        await self._drop(self.quarantine, f"{QUARANTINE}/{post_id}", reason)

    async def _drop(self, owner: Owner, address: str, reason: str) -> None:
        await owner.request("DELETE", address, token=self.token, params={"reason": reason})

    async def _send(self, owner: Owner, address: str, within_s: float) -> Any:
        return await owner.request("POST", address, token=self.token, json={}, within_s=within_s)

    @staticmethod
    def _bear(error: VoronkaError, what: str, cursor: str = "") -> None:
        """Bear that one owner is away; what the reader himself got wrong, or may not see, is raised."""
        if (
            isinstance(error, UnauthorizedError)
            or error.kind == "forbidden"
            or (cursor and error.kind == "invalid")
        ):
            raise error
        log.warning("undelivered messages were not read", what=what, error=error.detail)
