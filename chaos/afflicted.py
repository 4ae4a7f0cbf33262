"""A process of the product with failpoints put in from outside: `python -m chaos.afflicted <module> <argument>…`.

The product knows nothing of them. `CHAOS_FAILPOINTS` names them, each with the file that arms it (`name=/path,…`): a
failpoint fires once, when that file is there, and takes it away. `CHAOS_DELAYS_MS` shortens the waiting rooms for
failed messages, in every process of a system alike. `CHAOS_POISON=1` lets messages with a marker do what it says.
"""

import os
import runpy
import sys
from collections.abc import Mapping

from chaos.failpoints import deaths, delays, lies, poison
from chaos.failpoints.trigger import Trigger

POINTS = {**deaths.POINTS, **lies.POINTS}


def afflict(environment: Mapping[str, str]) -> None:
    """Put in what the environment asks for; KeyError for a failpoint that does not exist."""
    if given := environment.get("CHAOS_DELAYS_MS"):
        delays.shorten([int(item) for item in given.split(",")])
    for item in environment.get("CHAOS_FAILPOINTS", "").split(","):
        if item:
            name, _, file = item.partition("=")
            POINTS[name](Trigger(file))
    if environment.get("CHAOS_POISON"):
        poison.make_effective()


def main(arguments: list[str]) -> None:
    """Run the module as if it had been started by itself."""
    module, *rest = " ".join(arguments).split()
    afflict(os.environ)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
