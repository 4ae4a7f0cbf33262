"""Finding the channel of a key: the copy first, then its owner, once for all who ask at the same time."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from connectors.forms.form_channel import KIND, FormChannel
from connectors.forms.known_channels import KnownChannels
from shared.kernel.errors import BusyError, GoneError, MissingError, VoronkaError

_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_ABSENT_FOR_S = 5.0
_MOST_ABSENT = 10_000

log = structlog.get_logger(__name__)


class KeyUnknownError(MissingError):
    """No form is received at this address."""

    slug = "unknown-key"


class ChannelDisabledError(GoneError):
    """This form is switched off."""

    slug = "channel-disabled"


class ChannelsAwayError(BusyError):
    """Whether this address receives forms is not known right now."""

    slug = "channels-away"


class Owner(Protocol):
    """The service that owns the channels."""

    async def get(self, path: str) -> Any:
        """Read; MissingError when it is not there, another VoronkaError when it cannot be read."""
        ...


class ChannelLookup:
    """Answers which channel a key belongs to."""

    def __init__(
        self,
        known: KnownChannels,
        owner: Owner,
        *,
        within_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._known = known
        self._owner = owner
        self._within_s = within_s
        self._now = now
        self._absent: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def find(self, key: str) -> FormChannel:
        """Return the active channel of a key.

        KeyUnknownError when there is none, ChannelDisabledError when it is switched off, ChannelsAwayError when
        the copy does not have it and the owner does not answer in time.
        """
        channel = self._known.get(key)
        if channel is None:
            await self._look_up(key)
            channel = self._known.get(key)
        if channel is None:
            raise KeyUnknownError
        if not channel.is_active:
            raise ChannelDisabledError
        return channel

    async def _look_up(self, key: str) -> None:
        if not _KEY.fullmatch(key) or self._absent.get(key, 0.0) > self._now():
            return
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(key))
            asking.add_done_callback(lambda task: self._answered(key, task))
        await asyncio.shield(asking)

    def _answered(self, key: str, task: asyncio.Task[None]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever asked and is still there has it; the others must not leave it unseen

    async def _ask(self, key: str) -> None:
        try:
            async with asyncio.timeout(self._within_s):
                answer = await self._owner.get(f"/internal/channels/by-key/{key}")
            if answer["kind"] == KIND:
                self._known.put(FormChannel.of_answer(answer))
                return
        except MissingError:
            pass
        except (VoronkaError, TimeoutError, ValueError, TypeError, KeyError) as error:
            log.warning("a key could not be looked up", error=repr(error))
            raise ChannelsAwayError from error
        self._remember_absence(key)

    def _remember_absence(self, key: str) -> None:
        if len(self._absent) >= _MOST_ABSENT:
            self._absent.clear()
        self._absent[key] = self._now() + _ABSENT_FOR_S
