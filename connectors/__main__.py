"""Run all connectors together: `python -m connectors`."""

from connectors.mounting import run_all

if __name__ == "__main__":
    raise SystemExit(run_all())
