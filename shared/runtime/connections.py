"""How long a connection may take to say what it wants."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_WITHIN_S = 15.0


class PromptHeads(HttpToolsProtocol):
    """Closes a connection on which the head of a request does not come to its end in time."""

    within_s = _HEAD_WITHIN_S
    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def on_message_begin(self) -> None:
        """Wait for the head that begins."""
        super().on_message_begin()
        if self._closing is None:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Wait no longer: the rest has limits of its own."""
        self._wait_no_longer()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._closing = self.loop.call_later(self.within_s, self._close)

    def _wait_no_longer(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None

    def _close(self) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:  # half a request behind one that is being answered, perhaps with a live stream
            self._wait_for_head()
