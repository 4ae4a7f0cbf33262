"""One trace id from the hook to the board: W3C trace context, without an SDK."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_LENGTH = 55

_current: ContextVar[str] = ContextVar("traceparent", default="")


def new_traceparent() -> str:
    """Return a fresh, sampled traceparent."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def valid_traceparent(value: str) -> str:
    """Return the traceparent in the form of version 00, or an empty string if it must be ignored.

    The rules are those of the W3C recommendation: lower-case hex, no zero ids, version ff is invalid, the first 55
    characters of an unknown higher version count.
    """
    found = _FORM.fullmatch(value.strip())
    if not found:
        return ""
    version, trace, parent, flags, rest = found.groups()
    if version == "ff" or (version == "00" and rest) or not int(trace, 16) or not int(parent, 16):
        return ""
    return f"00-{trace}-{parent}-{flags}"[:_LENGTH]


def current_traceparent() -> str:
    """Return the traceparent of the work in hand; empty outside of any."""
    return _current.get()


def trace_id() -> str:
    """Return the trace id of the work in hand; empty outside of any."""
    return _current.get()[3:35]


@contextmanager
def use_traceparent(value: str) -> Iterator[str]:
    """Do the block under this traceparent, or under a fresh one if it is invalid; logs carry its trace id."""
    traceparent = valid_traceparent(value) or new_traceparent()
    token = _current.set(traceparent)
    with structlog.contextvars.bound_contextvars(trace_id=traceparent[3:35]):
        try:
            yield traceparent
        finally:
            _current.reset(token)
