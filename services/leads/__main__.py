"""Run leads: `python -m services.leads api | worker | all | migrate`."""

from services.leads.service import SERVICE
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(SERVICE))
