"""Who writes: thirty in a hundred wrote before."""

import random

from shared.kernel.contact_points import point

REPEAT_SHARE = 0.30
_FIRST = 79_000_000_000
_NUMBERS = 990_000_000


def phone_key(spelling: str) -> str:
    """Return the canonical key of a number, as leads writes it; ValueError for what is no number."""
    found = point("phone", spelling)
    if found is None:
        raise ValueError(f"{spelling!r} is no phone")
    return f"phone:{found.key}"


class People:
    """An endless town, the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._wrote: list[int] = []
        self._taken: set[int] = set()

    def somebody(self) -> int:
        """Return who writes next."""
        if self._wrote and self._chance.random() < REPEAT_SHARE:
            return self._chance.choice(self._wrote)
        return self.stranger()

    def stranger(self) -> int:
        """Return somebody who never wrote before."""
        phone = _FIRST + self._chance.randrange(_NUMBERS)
        while phone in self._taken:
            phone = _FIRST + self._chance.randrange(_NUMBERS)
        self._taken.add(phone)
        self._wrote.append(phone)
        return phone
