"""Dialects of those who send forms."""
