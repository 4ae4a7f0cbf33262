"""Waiting for something to become true, never longer than it takes."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(look: Callable[[], Awaitable[T]], *, within_s: float = 8.0) -> T: ...


@overload
async def eventually(look: Callable[[], T], *, within_s: float = 8.0) -> T: ...


async def eventually(look: Callable[[], Any], *, within_s: float = 8.0) -> Any:
    """Return the first true value of `look`; AssertionError when there is none in time."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                found = look()
                value = await found if inspect.isawaitable(found) else found
                if value:
                    return value
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {inspect.getsource(look).strip()[:200]}") from None
