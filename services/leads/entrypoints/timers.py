"""What the worker does by the clock."""

import asyncio

import structlog

from services.leads.adapters.partitions import make_partitions
from services.leads.bootstrap import Leads
from shared.database.errors import is_passing
from shared.runtime.declaration import Resources

_EVERY_S = 6 * 3600.0
_AGAIN_S = 30.0
_MONTHS_AHEAD = 3

log = structlog.get_logger(__name__)


async def keep_partitions(app: Leads, _: Resources) -> None:
    """See to it that raw bytes of the months to come have their partitions; runs until cancelled."""
    while True:
        try:
            await make_partitions(app.engine, months_ahead=_MONTHS_AHEAD)
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("partitions could not be made", error=repr(error))
            await asyncio.sleep(_AGAIN_S)
            continue
        await asyncio.sleep(_EVERY_S)
