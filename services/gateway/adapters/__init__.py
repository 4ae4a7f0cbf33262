"""Clients of the other units, the live queue, the files that pages link to."""
