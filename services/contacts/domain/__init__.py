"""Rules of contacts."""
