"""The load: posts at an even rate, sent again as providers do it, now and then the same one twice at once."""

import asyncio
import random
from collections.abc import Sequence

from chaos.ledger import Outcome
from chaos.people import People
from chaos.posting import Post, Poster

_TWICE_SHARE = 0.05
_IMPATIENT_SHARE = 0.05
_AGAIN_S = (0.3, 0.7, 1.5, 3.0, 5.0)


class Load:
    """Posts of one act; `prefix` begins each of its keys."""

    def __init__(
        self, poster: Poster, people: People, hooks: Sequence[str], *, prefix: str, rate: float, seed: int
    ) -> None:
        self._poster = poster
        self._people = people
        self._hooks = hooks
        self._prefix = prefix
        self._rate = rate
        self._chance = random.Random(seed)
        self._number = 0
        self._posts: set[asyncio.Task[None]] = set()
        self._posting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to post."""
        self._posting = asyncio.create_task(self._post_evenly())

    async def end(self, *, within_s: float) -> int:
        """Post nothing new, let what failed be sent again; return how many gave up when the time was over."""
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.gather(self._posting, return_exceptions=True)
        if not self._posts:
            return 0
        _, waiting = await asyncio.wait(self._posts, timeout=within_s)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return len(waiting)

    async def _post_evenly(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            await asyncio.sleep(max(0.0, begun + self._number / self._rate - loop.time()))
            self._number += 1
            task = asyncio.create_task(self._deliver(self._next()))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)

    def _next(self) -> Post:
        return Post(
            hook=self._hooks[self._number % len(self._hooks)],
            key=f"{self._prefix}{self._number}",
            phone=self._people.somebody(),
            way=self._chance.randrange(4),
        )

    async def _deliver(self, post: Post) -> None:
        """Send until it is accepted; a few providers are satisfied with any answer at all."""
        impatient = self._chance.random() < _IMPATIENT_SHARE
        if self._chance.random() < _TWICE_SHARE:
            outcomes = await asyncio.gather(self._poster.send(post), self._poster.send(post))
            outcome: Outcome = "ok" if "ok" in outcomes else outcomes[0]
        else:
            outcome = await self._poster.send(post)
        attempt = 0
        while outcome != "ok" and not impatient:
            await asyncio.sleep(
                _AGAIN_S[min(attempt, len(_AGAIN_S) - 1)] * (0.8 + 0.4 * self._chance.random())
            )
            attempt += 1
            outcome = await self._poster.send(post)
