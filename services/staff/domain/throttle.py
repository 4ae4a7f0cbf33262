"""How often a login may be tried: guessing is slow, and a stranger cannot cheaply keep somebody else out."""

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries of the window that have not succeeded: of a login from an address, of the address, of the login."""

    here: int = 0
    by_address: int = 0
    of_login: int = 0


MOST = Tries(here=10, by_address=50, of_login=100)
"""From one address ten for a login; whoever would lock it for others needs ten addresses."""


def too_many(tries: Tries) -> bool:
    """Say whether one of these tries goes too far."""
    return tries.here > MOST.here or tries.by_address > MOST.by_address or tries.of_login > MOST.of_login


def full(tries: Tries) -> bool:
    """Say whether one more would go too far."""
    return too_many(Tries(tries.here + 1, tries.by_address + 1, tries.of_login + 1))
