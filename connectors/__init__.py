"""Connectors: translators at the edge that decide nothing about leads."""
