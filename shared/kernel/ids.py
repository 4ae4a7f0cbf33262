"""Identifiers: time-ordered where made here, derived where a repeat must give the same one."""

import os
import time
from uuid import UUID, uuid5

_INQUIRIES = UUID("6f2f7d0e-6a52-5a7b-9a86-0d6a1c0e5b11")


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def inquiry_id(channel_id: UUID, external_id: str) -> UUID:
    """Return the id of the inquiry that an event makes: the same event always gives the same id."""
    return uuid5(_INQUIRIES, f"{channel_id}:{external_id}")
