"""How often one address may post: a bucket of tokens for each, for as many addresses as fit."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from shared.kernel.errors import BusyError

_MOST_ADDRESSES = 20_000


class TooManyPostsError(BusyError):
    """Too many posts from this address; wait a little."""

    slug = "too-many-requests"

    def __init__(self, wait_s: int) -> None:
        super().__init__(status=429)
        self.wait_s = wait_s


class RateLimit:
    """A bucket of `per_minute` tokens for each sender, refilled evenly; the senders seen longest ago are forgotten."""

    def __init__(self, per_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, sender: str) -> None:
        """Take one token of the sender; TooManyPostsError when there is none."""
        now = self._now()
        tokens, since = self._buckets.pop(sender, (self._most, now))
        tokens = min(self._most, tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        self._buckets[sender] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyPostsError(math.ceil((1 - tokens) / self._per_second))
