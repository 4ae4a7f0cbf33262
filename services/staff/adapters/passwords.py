"""Passwords by argon2id, outside of the event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.kernel.errors import BusyError

_MEMORY_KIB = 19 * 1024
_AT_ONCE = 2
_WAIT_S = 4.0  # the gateway waits for five


class ArgonPasswords:
    """argon2id with t=2 and 19 MiB, two at a time at most; BusyError for who would wait too long for his turn."""

    def __init__(self, *, wait_s: float = _WAIT_S) -> None:
        self._wait_s = wait_s
        self._hasher = PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the hash of a password."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, hashed: str, password: str) -> bool:
        """Say whether the password fits the hash; takes as long when there is none."""
        async with self._turn():
            fits = await asyncio.to_thread(self._verify, hashed or self._nobody, password)
        return fits and bool(hashed)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._wait_s):
                await self._turns.acquire()
        except TimeoutError as error:
            raise BusyError("too many passwords are being checked") from error
        try:
            yield
        finally:
            self._turns.release()

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
