"""Rules of the gateway."""
