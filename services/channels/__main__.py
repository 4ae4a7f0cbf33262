"""Run channels: `python -m services.channels api | worker | all | migrate`."""

from services.channels.service import SERVICE
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(SERVICE))
