"""Contracts: pure data that crosses the borders of units."""
