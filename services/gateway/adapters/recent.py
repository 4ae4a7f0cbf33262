"""A value that is read now and then: remembered for some seconds, one read at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from shared.kernel.errors import VoronkaError

_AGAIN_S = 2.0

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Recent(Generic[T]):
    """Reads at most every `seconds`; while its owner is away the last value stands in, else the default."""

    def __init__(
        self, read: Callable[[], Awaitable[T]], *, seconds: float, default: T, name: str = ""
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._value = default
        self._name = name
        self._until = 0.0
        self._known = False
        self._flight: asyncio.Task[None] | None = None

    @property
    def known(self) -> bool:
        """Whether the last read succeeded."""
        return self._known

    @property
    def value(self) -> T:
        """The last value, without reading."""
        return self._value

    def drop(self) -> None:
        """Read anew at the next occasion."""
        self._until = 0.0

    async def get(self) -> T:
        """Return the value, reading it first when it is old."""
        if time.monotonic() >= self._until:
            if self._flight is None:
                self._flight = asyncio.create_task(self._refresh())
            await asyncio.shield(self._flight)
        return self._value

    async def _refresh(self) -> None:
        try:
            self._value = await self._read()
        except VoronkaError as error:
            log.warning("could not be read anew", what=self._name, error=error.detail)
            self._known, self._until = False, time.monotonic() + _AGAIN_S
        else:
            self._known, self._until = True, time.monotonic() + self._seconds
        finally:
            self._flight = None
