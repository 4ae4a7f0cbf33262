"""The SQL of channels."""
