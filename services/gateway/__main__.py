"""Run the gateway: `python -m services.gateway api | worker | all`."""

from services.gateway.service import SERVICE
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(SERVICE))
