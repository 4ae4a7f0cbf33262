"""Run contacts: `python -m services.contacts api | worker | all | migrate`."""

from services.contacts.service import SERVICE
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(SERVICE))
