"""What a run is asked: which faults, which seed, how many seeds, the long or the short freezes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass


class WrongArgumentError(Exception):
    """An argument is not `only=`, `seed=`, `seeds=` or `long=` with a value that fits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a run; an empty `only` means all."""

    only: tuple[str, ...] = ()
    seed: int = 1
    seeds: int = 1
    long: bool = False
    """Freezes of 60 s instead of 10 and 20 s."""

    def wants(self, name: str) -> bool:
        """Say whether an act is asked for: by its name or the words that it begins with (`F1`, `F1-leads`)."""
        return not self.only or any(f"{name}-".startswith(f"{item}-") for item in self.only)

    def unknown(self, names: Sequence[str]) -> list[str]:
        """Return what was asked for and is none of the names."""
        return [item for item in self.only if not any(Asked((item,)).wants(name) for name in names)]


def read(arguments: Sequence[str]) -> Asked:
    """Return what the arguments ask; WrongArgumentError names the one that is wrong."""
    found = {"only": "", "seed": "", "seeds": "1", "long": "0"}
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name not in found or not value:
            raise WrongArgumentError(f"what is {argument!r}? There are only=F1,F5 seed=7 seeds=3 long=1")
        found[name] = value
    for name in ("seed", "seeds", "long"):
        if found[name] and not found[name].isdecimal():
            raise WrongArgumentError(f"{name}= wants a number, not {found[name]!r}")
    return Asked(
        only=tuple(item.strip() for item in found["only"].split(",") if item.strip()),
        seed=int(found["seed"]) if found["seed"] else secrets.randbelow(1_000_000),
        seeds=max(1, int(found["seeds"])),
        long=found["long"] != "0",
    )
