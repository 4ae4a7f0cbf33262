"""The SQL of staff."""
