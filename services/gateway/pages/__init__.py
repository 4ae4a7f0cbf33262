"""View models: frozen data built by pure functions from the REST answers of the owners."""
