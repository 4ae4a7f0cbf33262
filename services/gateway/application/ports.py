"""What the compositions need from outside."""

from typing import Any, Protocol

Params = list[tuple[str, str]]


class Owner(Protocol):
    """A unit that owns data: reads within its time limit, wishes within theirs."""

    async def get(self, path: str, *, token: str | None = None, params: Any = None) -> Any:
        """Read; BusyError when the owner does not answer in time."""
        ...

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        params: Any = None,
        headers: dict[str, str] | None = None,
        within_s: float | None = None,
    ) -> Any:
        """Ask for anything; the owner's refusals come back as our errors."""
        ...
