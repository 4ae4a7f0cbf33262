"""Shorter waiting rooms for failed messages: the same number of them, so that a poison reaches its end in seconds."""

from collections.abc import Sequence
from dataclasses import replace

from shared.messaging import topology


def shorten(milliseconds: Sequence[int]) -> None:
    """Give the delays of the topology these lengths; ValueError unless there is one for each."""
    pairs = zip(topology.DELAYS, milliseconds, strict=True)
    topology.DELAYS = tuple(replace(delay, milliseconds=length) for delay, length in pairs)  # type: ignore[assignment]
