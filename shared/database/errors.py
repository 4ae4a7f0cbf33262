"""Which database errors pass by themselves, so that the same work may simply be tried again."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_PASSING = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    InterfaceError,
    OperationalError,
)


def is_passing(error: BaseException) -> bool:
    """Say whether the error comes from the database being away, restarting, full or busy, not from the work."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    driver = getattr(error, "driver_exception", None)
    return isinstance(error, _PASSING) or isinstance(driver, _PASSING)
