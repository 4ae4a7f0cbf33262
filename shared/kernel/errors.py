"""One tree of errors: the docstring is the message, `kind` decides the status at the edge."""

from typing import Any, ClassVar, Literal

Kind = Literal["invalid", "unauthorized", "forbidden", "missing", "conflict", "gone", "precondition", "busy"]


class VoronkaError(Exception):
    """Something went wrong."""

    kind: ClassVar[Kind] = "invalid"
    slug: ClassVar[str] = "error"
    retry_after_s: ClassVar[int | None] = None

    def __init__(self, detail: str = "", **extra: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.extra = extra
        super().__init__(self.detail)


class InvalidError(VoronkaError):
    """The input is not acceptable."""

    kind = "invalid"
    slug = "invalid-input"


class UnauthorizedError(VoronkaError):
    """Who is asking is not known."""

    kind = "unauthorized"
    slug = "unauthorized"


class ForbiddenError(VoronkaError):
    """The asker has no right to this."""

    kind = "forbidden"
    slug = "forbidden"


class MissingError(VoronkaError):
    """There is no such thing."""

    kind = "missing"
    slug = "not-found"


class ConflictError(VoronkaError):
    """The state of the thing does not allow this."""

    kind = "conflict"
    slug = "conflict"


class GoneError(VoronkaError):
    """The thing was here and is no more."""

    kind = "gone"
    slug = "gone"


class StaleVersionError(VoronkaError):
    """The record was changed by somebody else meanwhile."""

    kind = "precondition"
    slug = "stale-version"


class BusyError(VoronkaError):
    """Not possible right now; try again in a moment."""

    kind = "busy"
    slug = "temporarily-unavailable"
    retry_after_s = 1
