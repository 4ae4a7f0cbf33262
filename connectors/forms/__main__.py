"""Run the forms connector alone: `python -m connectors.forms api | worker | all`."""

from connectors.forms.connector import CONNECTOR
from shared.runtime.run import run

if __name__ == "__main__":
    raise SystemExit(run(CONNECTOR))
