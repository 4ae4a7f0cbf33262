"""Faults: each with a name, how it is done and how it is undone."""
