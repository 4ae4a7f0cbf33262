"""Rules of staff."""
