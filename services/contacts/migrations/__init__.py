"""Migrations of contacts."""
