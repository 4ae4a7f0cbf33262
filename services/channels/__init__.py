"""The channels service: ways in, their keys and settings."""
