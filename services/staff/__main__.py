"""Run staff: `python -m services.staff api | worker | all | migrate`."""

from services.staff.service import SERVICE
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(SERVICE))
