"""The one table of acts, in the order in which they are played."""

from chaos.faults import broker, database, moments, poisons, repeats
from chaos.faults.disk import FilesFull, SpoolFull
from chaos.faults.fault import Fault
from chaos.faults.processes import DELAYS_S, Frozen, Killed, WorkersKilled

_PROCESSES = ("connectors", "leads-1", "leads-2", "leads-api", "contacts", "channels", "staff", "gateway")


def acts(seed: int, *, long: bool) -> list[Fault]:
    """Return all acts; each process is killed once, and the seed deals out after how long it comes back."""
    killed = [Killed(name, DELAYS_S[(place + seed) % len(DELAYS_S)]) for place, name in enumerate(_PROCESSES)]
    return [
        *killed,
        WorkersKilled(),
        Frozen(f"leads-{1 + seed % 2}", 60 if long else 10),
        *broker.FAULTS,
        broker.BrokerFrozen(60 if long else 20),
        *database.faults(),
        *repeats.faults(),
        FilesFull(),
        SpoolFull(),
        *moments.faults(),
        *poisons.faults(),
    ]
