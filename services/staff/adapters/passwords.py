"""Passwords by argon2id, outside of the event loop."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_MEMORY_KIB = 19 * 1024


class ArgonPasswords:
    """argon2id with t=2 and 19 MiB, two at a time at most."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)
        self._turns = asyncio.Semaphore(2)
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the hash of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, hashed: str, password: str) -> bool:
        """Say whether the password fits the hash; takes as long when there is none."""
        async with self._turns:
            fits = await asyncio.to_thread(self._verify, hashed or self._nobody, password)
        return fits and bool(hashed)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
