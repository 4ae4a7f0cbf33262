"""Which database errors pass by themselves, so that the same work may simply be tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_PASSING = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke in the middle of an answer
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
)
_NEVER = asyncpg.QueryCanceledError  # the statement's own time limit: the same work would take as long again
_BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0)

T = TypeVar("T")

log = structlog.get_logger(__name__)


def is_passing(error: BaseException) -> bool:
    """Say whether the error comes from the database being away, restarting, full or busy, not from the work."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.driver_exception
    return isinstance(error, _PASSING) and not isinstance(error, _NEVER)


async def patiently(work: Callable[[], Awaitable[T]], *, waiting: str) -> T:
    """Return what the work returns, trying again while the database is away; other errors come through."""
    attempt = 0
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_passing(error):
                raise
            delay = _BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)]
            attempt += 1
            log.warning("waiting for the database", waiting=waiting, error=repr(error), again_in_s=delay)
            await asyncio.sleep(delay)
