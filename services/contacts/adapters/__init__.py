"""The SQL of contacts."""
